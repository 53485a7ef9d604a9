import { afterAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Of } from '../../bench/transfer/checksum.mjs';
import { largest, objects, writeObject, type ObjectName } from '../../bench/transfer/objects.mjs';
import { verifyArchive } from '../../src/transfer/archive.js';

const folder = mkdtempSync(join(tmpdir(), 'datasaur-export-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it.each<[ObjectName, number]>([
  ['10 kB', 0.05],
  ['10 MB', 0.1],
])('writes an archive of %s, the same every time', async (name, tolerance) => {
  const [one, other] = [join(folder, 'one'), join(folder, 'other')];
  await writeObject(name, one);
  await writeObject(name, other);
  await verifyArchive(one, new AbortController().signal);
  expect(await sha256Of(one)).toBe(await sha256Of(other));
  const wanted = name === '10 kB' ? 1e4 : 1e7;
  expect(Math.abs(statSync(one).size / wanted - 1)).toBeLessThan(tolerance);
  expect(statSync(one).size).toBeLessThan(largest(name));
});

it('makes the large ones of what does not compress, so that they are as long as they say', () => {
  const bytes = Object.entries(objects)
    .filter(([, { kind }]) => kind === 'noise')
    .map(([name, { entries, entryBytes }]) => [name, entries * entryBytes]);
  expect(bytes).toEqual([
    ['10 kB', 1e4],
    ['100 MB', 1e8],
    ['200 MB', 2e8],
    ['1 GiB', 2 ** 30],
    ['4 GiB', 2 ** 32],
  ]);
});
