import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { Assembly } from '../../src/transfer/assembly.js';
import { blockSize } from '../../src/transfer/blocks.js';
import type { Digester, DigestTask } from '../../src/transfer/digest.js';
import type { Kept } from '../../src/transfer/journal.js';
import type { PartialFile } from '../../src/transfer/partial-file.js';
import { SlotPool } from '../../src/transfer/slot-pool.js';

const size = 3 * blockSize;

/** A disk whose writes end when they are told to, and what was done in which order. */
function parts({ reads = 1 }: { reads?: number } = {}): {
  assembly: Assembly;
  pool: SlotPool;
  done: string[];
  failures: unknown[];
  writes: { settle: (error?: Error) => void }[];
} {
  const done: string[] = [];
  const failures: unknown[] = [];
  const writes: { settle: (error?: Error) => void }[] = [];
  const partial = {
    path: 'partial',
    kept: new Map<number, Kept>(),
    write: async (bytes: Uint8Array, position: number) =>
      new Promise<void>((resolve, reject) => {
        writes.push({
          settle: (error) => {
            done.push(
              `${error === undefined ? 'wrote' : 'did not write'} ${bytes.byteLength} at ${position}`,
            );
            if (error === undefined) resolve();
            else reject(error);
          },
        });
      }),
    remember: async ({ block, bytes }: Kept) =>
      Promise.resolve(void done.push(`remembered ${bytes} of ${block}`)),
    restart: async () => Promise.resolve(void done.push('truncated')),
  };
  const digester: Digester = {
    run: async (task: DigestTask) => {
      if (task.kind !== 'memory' || task.next) done.push(`digested ${task.kind}`);
      return Promise.resolve(
        task.kind === 'memory' ? crc32(task.bytes.subarray(task.from), task.crc) : reads,
      );
    },
    digests: async () => Promise.resolve({ sha256: '', md5: null }),
    close: async () => Promise.resolve(),
  };
  const pool = new SlotPool(3, size);
  const assembly = new Assembly(
    { partial: partial as unknown as PartialFile, digester, pool, size },
    (error) => {
      failures.push(error);
    },
  );
  return { assembly, pool, done, failures, writes };
}

/** Puts so many bytes where they belong. */
function pour(assembly: Assembly, position: number, count: number): void {
  for (let left = count, at = position; left > 0;) {
    const room = assembly.room(at);
    const piece = Math.min(left, room?.byteLength ?? 0);
    expect(piece).toBeGreaterThan(0);
    assembly.filled(at, piece);
    at += piece;
    left -= piece;
  }
}

const soon = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('remembers a block only once all of it is written, what was saved of it before too', async () => {
  const { assembly, writes, done } = parts();
  pour(assembly, 0, 1000);
  assembly.save();
  pour(assembly, 1000, blockSize - 1000);
  await soon();
  expect(writes).toHaveLength(2);
  writes[1]?.settle();
  await soon();
  expect(done).toEqual(['digested memory', `wrote ${blockSize - 1000} at 1000`]);
  writes[0]?.settle();
  await soon();
  expect(done.slice(2)).toEqual(['wrote 1000 at 0', 'remembered 1000 of 0', `remembered ${blockSize} of 0`]);
});

test('gives memory back only once its bytes are written and remembered', async () => {
  const { assembly, pool, writes } = parts();
  pour(assembly, 0, size);
  expect(pool.take()).toBeNull();
  let free = false;
  void assembly.whenRoom().then(() => (free = true));
  await soon();
  expect(free).toBe(false);
  writes[0]?.settle();
  await soon();
  expect(free).toBe(true);
  expect(pool.take()).not.toBeNull();
});

test('digests blocks in their order: those that came before their turn are read back', async () => {
  const { assembly, writes, done } = parts();
  pour(assembly, blockSize, 2 * blockSize);
  for (const write of writes) write.settle();
  await soon();
  expect(done.filter((step) => step.startsWith('digested'))).toEqual([]);
  pour(assembly, 0, blockSize);
  writes[2]?.settle();
  await assembly.finish();
  expect(done.filter((step) => step.startsWith('digested'))).toEqual([
    'digested memory',
    'digested file',
    'digested file',
  ]);
});

test('what reads back differently is an error of the disk', async () => {
  const { assembly, writes, failures } = parts({ reads: 0 });
  pour(assembly, blockSize, blockSize);
  pour(assembly, 0, blockSize);
  for (const write of writes) write.settle();
  await assembly.finish();
  expect(failures).toMatchObject([
    { code: 'DISK_ERROR', message: 'What was written to partial reads back differently.' },
  ]);
});

test('the first failure of the disk is told once, wakes who waits for room, and saves nothing more', async () => {
  const { assembly, writes, failures, done } = parts();
  pour(assembly, 0, size);
  let woken = false;
  void assembly.whenRoom().then(() => (woken = true));
  for (const write of writes) write.settle(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  await soon();
  expect(failures).toMatchObject([{ code: 'DISK_FULL' }]);
  expect(woken).toBe(true);
  await assembly.whenRoom();
  await assembly.suspend();
  expect(done.filter((step) => step.startsWith('remembered'))).toEqual([]);
});

test('a suspension saves what is in memory', async () => {
  const { assembly, writes, done } = parts();
  pour(assembly, 0, 1234);
  const suspended = assembly.suspend();
  writes[0]?.settle();
  await suspended;
  expect(done).toEqual(['wrote 1234 at 0', 'remembered 1234 of 0']);
});

test('a restart forgets everything, after what is being written', async () => {
  const { assembly, pool, writes, done } = parts();
  pour(assembly, 0, blockSize);
  pour(assembly, blockSize, 10);
  const restarted = assembly.restart();
  await soon();
  expect(done).toEqual(['digested memory']);
  writes[0]?.settle();
  await restarted;
  expect(done.slice(-2)).toEqual(['digested restart', 'truncated']);
  expect(assembly.blocks.total).toBe(0);
  expect([pool.take(), pool.take(), pool.take()]).not.toContain(null);
});

test('bytes that are not the next of their block are refused', () => {
  const { assembly } = parts();
  pour(assembly, 0, 10);
  expect(() => assembly.room(20)).toThrow('byte 20 comes out of turn');
});
