import type { Stats } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { lockPath, lockTarget } from './target-lock.js';

/** What lies beside a target while it is downloaded, and after a process that did not get to its end. */
export interface PathsBeside {
  partial: string;
  journal: string;
}

export function pathsBeside(target: string): PathsBeside {
  return { partial: `${target}.datasaur-partial`, journal: `${target}.datasaur-journal` };
}

export async function removeBoth({ partial, journal }: PathsBeside): Promise<void> {
  await rm(partial, { force: true });
  await rm(journal, { force: true });
}

/** Whether an earlier process has left something of a file that was to become `target`. */
export async function isBegun(target: string): Promise<boolean> {
  return (await entryAt(pathsBeside(target).journal)) !== null;
}

/**
 * Removes what a process left beside its finished `target` when it was killed after naming it: a second name of the target,
 * a journal of nothing, a lock. What goes on, or can be continued, is left alone.
 */
export async function finishTidying(target: string): Promise<void> {
  if (!(await isLeftOver(target))) return;
  const lock = await lockTarget(target, undefined).catch(() => null);
  if (lock === null) return;
  try {
    if (await isLeftOver(target)) await removeBoth(pathsBeside(target));
  } finally {
    await lock.release();
  }
}

async function isLeftOver(target: string): Promise<boolean> {
  const { partial, journal } = pathsBeside(target);
  const [file, begun, noted, lock] = await Promise.all(
    [target, partial, journal, lockPath(target)].map(entryAt),
  );
  if (file == null) return false;
  return begun == null ? noted != null || lock != null : begun.ino === file.ino && begun.dev === file.dev;
}

async function entryAt(path: string): Promise<Stats | null> {
  return lstat(path).catch(() => null);
}
