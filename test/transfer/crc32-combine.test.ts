import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { combineCrc32 } from '../../src/transfer/crc32-combine.js';

test('the CRC-32 of a whole follows from those of its pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
      expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])));
    }),
  );
});

test('also of pieces of megabytes', () => {
  const a = Buffer.alloc(3_000_001, 'abc');
  const b = Buffer.alloc(5_000_003, 'xyz');
  expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(crc32(b, crc32(a)));
});
