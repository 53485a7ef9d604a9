import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DatasaurExportError } from '../../src/errors/index.js';
import type { Attempt } from '../../src/readiness/index.js';
import {
  idle,
  isUnderWay,
  nextState,
  type ExportEvent,
  type ReadyFile,
  type TeamOverviewExportState,
} from '../../src/react/export-state.js';

type Status = TeamOverviewExportState['status'];

const expiresAt = new Date('2030-01-01T00:00:00Z');
const file: ReadyFile = {
  url: 'https://f.example/a.zip?s=1',
  fileName: 'a.zip',
  size: 42,
  etag: '"e"',
  expiresAt,
};
const attempt: Attempt = { number: 1, elapsed: 5, seen: '404 NoSuchKey', ready: false };
const error = new DatasaurExportError('NOT_READY', 'not ready');

const events: Record<string, ExportEvent> = {
  started: { type: 'started', teamId: '122' },
  ticked: { type: 'ticked' },
  requested: { type: 'requested', exportId: 'E:1', expiresAt },
  mailed: { type: 'mailed', exportId: 'E:1' },
  attempted: { type: 'attempted', attempt },
  arrived: { type: 'arrived', file },
  failed: { type: 'failed', error },
  'cancelled, unsent': { type: 'cancelled', sent: false },
  'cancelled, sent': { type: 'cancelled', sent: true },
  reset: { type: 'reset' },
};

const start: ExportEvent = { type: 'started', teamId: '121' };
const ways: Record<Status, ExportEvent[]> = {
  idle: [],
  requesting: [start],
  waiting: [start, events['requested']!, events['attempted']!],
  ready: [start, events['requested']!, events['attempted']!, events['arrived']!],
  mailed: [start, events['mailed']!],
  failed: [start, events['requested']!, events['failed']!],
};
const after = (those: readonly ExportEvent[], elapsed = 10): TeamOverviewExportState =>
  those.reduce<TeamOverviewExportState>((state, event) => nextState(state, event, elapsed), idle);

/** What becomes of each status: a new status, the same one with something new, or nothing at all. */
const table: Record<Status, Record<string, Status | 'changed' | 'unchanged'>> = {
  idle: { started: 'requesting', reset: 'unchanged' },
  requesting: {
    ticked: 'changed',
    requested: 'waiting',
    mailed: 'mailed',
    failed: 'failed',
    'cancelled, unsent': 'failed',
    'cancelled, sent': 'failed',
    reset: 'idle',
  },
  waiting: {
    ticked: 'changed',
    attempted: 'changed',
    arrived: 'ready',
    failed: 'failed',
    'cancelled, unsent': 'failed',
    'cancelled, sent': 'failed',
    reset: 'idle',
  },
  ready: { started: 'requesting', reset: 'idle' },
  mailed: { started: 'requesting', reset: 'idle' },
  failed: { started: 'requesting', reset: 'idle' },
};
const cases = (Object.keys(table) as Status[]).flatMap((status) =>
  Object.keys(events).map((event) => [status, event, table[status][event] ?? 'unchanged'] as const),
);

test.each(cases)('%s, %s: %s', (status, name, expected) => {
  const before = after(ways[status]);
  expect(before.status).toBe(status);
  const frozen = JSON.stringify(before);
  const now = nextState(before, events[name]!, 20);
  expect(now === before).toBe(expected === 'unchanged');
  expect(now.status).toBe(['unchanged', 'changed'].includes(expected) ? status : expected);
  expect(JSON.stringify(before)).toBe(frozen);
});

describe('what a state holds', () => {
  test('the whole way to the file', () => {
    expect(after(ways.idle)).toEqual({
      status: 'idle',
      teamId: null,
      elapsed: 0,
      attempts: [],
      exportId: null,
      expiresAt: null,
      size: null,
      file: null,
      error: null,
    });
    expect(after(ways.requesting)).toEqual({ ...idle, status: 'requesting', teamId: '121' });
    const waiting = { ...idle, status: 'waiting', teamId: '121', elapsed: 10, exportId: 'E:1', expiresAt };
    expect(after(ways.waiting)).toEqual({ ...waiting, attempts: [attempt] });
    expect(after(ways.ready)).toEqual({ ...waiting, status: 'ready', attempts: [attempt], size: 42, file });
    expect(after(ways.mailed)).toEqual({ ...waiting, status: 'mailed', expiresAt: null });
  });

  test('a failure keeps what was known, and a new start forgets it', () => {
    const failed = nextState(after(ways.waiting), { type: 'failed', error }, 30);
    expect(failed).toMatchObject({
      status: 'failed',
      exportId: 'E:1',
      attempts: [attempt],
      elapsed: 30,
      error,
    });
    expect(nextState(failed, events['started']!, 0)).toEqual({
      ...idle,
      status: 'requesting',
      teamId: '122',
    });
  });

  test.each<['requesting' | 'waiting', string, string]>([
    ['requesting', 'cancelled, unsent', 'Nothing was started.'],
    ['requesting', 'cancelled, sent', 'An export may have been started.'],
    ['waiting', 'cancelled, sent', 'The export itself goes on at the server.'],
  ])('%s, %s: %s', (status, name, hint) => {
    const { error: cancelled } = nextState(after(ways[status]), events[name]!, 20);
    expect(cancelled).toMatchObject({ code: 'ABORTED', hint });
  });

  test('of more than 1000 attempts the latest are kept', () => {
    let state = after([start, events['requested']!]);
    for (let number = 1; number <= 1200; number += 1)
      state = nextState(state, { type: 'attempted', attempt: { ...attempt, number } }, number);
    expect(state.attempts).toHaveLength(1000);
    expect([state.attempts[0]?.number, state.attempts.at(-1)?.number]).toEqual([201, 1200]);
  });

  test('after any events: a file only when ready, an error only when failed, an id from the answer on', () => {
    const any = fc.array(fc.constantFrom(...Object.values(events)), { maxLength: 30 });
    fc.assert(
      fc.property(any, (those) => {
        const { status, file, size, error, exportId, teamId, attempts } = after(those);
        expect(file !== null).toBe(status === 'ready');
        expect(size).toBe(file?.size ?? null);
        expect(error !== null).toBe(status === 'failed');
        expect(teamId === null).toBe(status === 'idle');
        const early = status === 'idle' || status === 'requesting';
        const answered = status === 'waiting' || status === 'ready' || status === 'mailed';
        expect(early ? [exportId, attempts] : [null, []]).toEqual([null, []]);
        expect(answered ? exportId : 'E:1').toBe('E:1');
      }),
    );
  });
});

test('under way is what can be cancelled', () => {
  expect((Object.keys(ways) as Status[]).filter((status) => isUnderWay(after(ways[status])))).toEqual([
    'requesting',
    'waiting',
  ]);
});
