import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import * as library from '../../src/index.js';
import { inStages } from './attempts.js';
import { sizes } from './exported-archive.js';
import { serve, type Act } from './faulty-host.js';
import { narrow } from './network-faults.js';
import { kept, nothing, textOf, type Row } from './row.js';
import { runRow } from './run-row.js';

/* Some of the disk's faults again, from a real one that is mounted for them; skipped where nothing may be mounted. */

const disk = mkdtempSync(join(tmpdir(), 'datasaur-disk-'));
const mount = (...options: string[]): boolean => spawnSync('mount', [...options, disk]).status === 0;
const mounted = process.platform === 'linux' && mount('-t', 'tmpfs', '-o', 'size=36m', 'tmpfs');

afterAll(() => {
  if (mounted) spawnSync('umount', ['--lazy', disk]);
  rmSync(disk, { recursive: true, force: true });
});

const ballast = join(disk, 'ballast');
/** Leaves this much free. */
const fillBut = (bytes: number): void => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes), 1));
};
/** Within a block, where no request begins by itself. */
const middle = (sizes.large >> 1) + 1000;
const fillsUp: Act = (exchange) => {
  try {
    fillBut(0);
  } catch {
    // The download has taken some of the rest in between: so much the fuller.
  }
  serve(exchange);
};
const free = (): void => {
  rmSync(ballast, { force: true });
};

const rows: Row[] = [
  {
    fault: 'real disk, too small',
    stage: 'first range',
    size: 'large',
    outcome: nothing('DISK_FULL'),
    arrange: () => {
      fillBut(sizes.large - 1024 * 1024);
    },
    hits: () => 1,
    repair: free,
  },
  {
    fault: 'real disk, fills up',
    stage: 'middle',
    size: 'large',
    outcome: kept('DISK_FULL'),
    arrange: ({ host }) => {
      host.rules = [
        { at: middle, times: 1, act: narrow },
        { at: middle, times: 1, act: fillsUp },
      ];
    },
    repair: free,
  },
  {
    fault: 'real disk, read-only',
    stage: 'request',
    size: 'small',
    outcome: nothing('OUTPUT_UNUSABLE'),
    arrange: () => mount('-o', 'remount,ro'),
    hits: () => 1,
    repair: () => mount('-o', 'remount,rw'),
  },
];

(mounted ? it : it.skip).each(rows)('$fault, $stage, $size', async (row) => {
  const observed = await runRow(inStages(library), { ...row, within: disk });
  expect(observed).toMatchObject({ outcome: textOf(row.outcome), wrong: [] });
});

it('says so where it cannot mount a disk', () => {
  const said = mounted
    ? ''
    : 'a disk of its own cannot be mounted here: the rows that need one are skipped\n';
  expect(process.stderr.write(said)).toBeDefined();
});
