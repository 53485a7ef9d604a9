import { expect, test } from '@jest/globals';
import { decide } from '../../src/sandbox/object-request.js';

const ETAG = '"0123456789abcdef0123456789abcdef"';

test.each([
  ['bytes=0-0', 10, 0, 1],
  ['bytes=2-5', 10, 2, 6],
  ['bytes=2-', 10, 2, 10],
  ['bytes=-3', 10, 7, 10],
  ['bytes=-30', 10, 0, 10],
  ['bytes=0-999', 10, 0, 10],
  ['bytes=9-99999999999999999999999', 10, 9, 10],
  ['Bytes=1-1', 10, 1, 2],
])('%s of %d bytes is 206, from %d to %d', (range, size, start, end) => {
  expect(decide({ range }, size, ETAG)).toEqual({ status: 206, start, end });
});

test.each([
  ['bytes=10-', 10],
  ['bytes=10-20', 10],
  ['bytes=99999999999999999999999-', 10],
  ['bytes=-0', 10],
  ['bytes=0-0', 0],
  ['bytes=0-', 0],
  ['bytes=-1', 0],
])('%s of %d bytes is 416', (range, size) => {
  expect(decide({ range }, size, ETAG)).toEqual({ status: 416, range });
});

test.each(['bytes=0-1,3-4', 'items=0-1', 'bytes=5-2', 'bytes=-', 'bytes=a-b', 'bytes', ''])(
  '%s is ignored',
  (range) => {
    expect(decide({ range }, 10, ETAG)).toEqual({ status: 200, start: 0, end: 10 });
  },
);

test.each([ETAG, ETAG.slice(1, -1), '*', `"other", ${ETAG}`])('If-Match: %s holds', (ifMatch) => {
  expect(decide({ 'if-match': ifMatch }, 10, ETAG).status).toBe(200);
});

test.each(['"other"', `W/${ETAG}`, ''])('If-Match: %s does not hold, whatever the range', (ifMatch) => {
  expect(decide({ 'if-match': ifMatch, range: 'bytes=20-' }, 10, ETAG)).toEqual({ status: 412 });
});
