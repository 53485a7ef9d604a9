import { expect, it, jest } from '@jest/globals';
import { inStages } from './attempts.js';
import { diskRows } from './disk-rows.js';
import { FaultyDisk } from './faulty-disk.js';
import { textOf } from './row.js';
import { runRow } from './run-row.js';

const disk = new FaultyDisk();
jest.unstable_mockModule('node:fs/promises', () => disk.promises);
jest.unstable_mockModule('node:fs', () => disk.sync);
const library = await import('../../src/index.js');

const rows = diskRows(disk).map((row) => ({ ...row, ends: textOf(row.outcome) }));

it.each(rows)('$fault, $stage, $size: $ends', async (row) => {
  expect(await runRow(inStages(library), row)).toMatchObject({ outcome: row.ends, wrong: [] });
});
