import { link, lstat, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DatasaurExportError, systemCode, throwIfAborted } from '../errors/index.js';
import { isMissing, onDisk } from './disk-error.js';
import { fateOf, parseHolder, thisProcess, type Holder } from './lock-holder.js';

/** A lock whose holder cannot be looked up, or lives but is silent, is given up after this silence. */
const staleAfter = 30_000;
const heartbeat = 5_000;
/** A clock that jumped looks like silence, so a heart that has stopped is listened to for longer than a beat. */
const listeningTime = heartbeat + 1000;
/**
 * To write a lock takes a living process less than this many milliseconds; so long one without a holder is waited for. Less
 * than the second for which the wait holds the beginning of the file.
 */
const writingTime = 500;
const writingPause = 50;
const settlingTime = 100;

/** A lock that is held. */
export interface TargetLock {
  /** Whether it still is ours: a process that stood still for long may have been taken for dead. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Keeps two downloads, of one process or of several, off one target. The lock is a file beside the target that names its
 * holder and is touched while held; one whose holder is dead is taken over at once.
 *
 * @throws TARGET_BUSY, ABORTED
 */
export async function lockTarget(target: string, signal: AbortSignal | undefined): Promise<TargetLock> {
  const path = lockPath(target);
  const id = randomUUID();
  const isHeld = async (): Promise<boolean> => isOf(id, path);
  try {
    await onDisk(`Locking ${target}`, async () => acquire(path, target, await thisProcess(id), signal));
  } catch (error) {
    if (await isHeld()) await rm(path, { force: true });
    throw error;
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, heartbeat);
  beat.unref();
  return {
    isHeld,
    release: async () => {
      clearInterval(beat);
      if (await isHeld()) await rm(path, { force: true });
    },
  };
}

export function lockPath(target: string): string {
  return `${target}.datasaur-lock`;
}

export function targetBusy(target: string): DatasaurExportError {
  return new DatasaurExportError('TARGET_BUSY', `Another process is downloading to ${target}.`, {
    hint: 'Wait for it, or choose another --output.',
  });
}

async function acquire(
  path: string,
  target: string,
  holder: Holder,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let rounds = 5; rounds > 0;) {
    try {
      await write(path, holder);
      if (rounds < 5) await settle(path, target, holder, signal);
      return;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    const found = await look(path);
    if (found !== null && isBeingWritten(found)) {
      await pause(writingPause, signal);
      continue;
    }
    // Where there is none, it was released in between: the next round takes it.
    if (found !== null) await removeIfStale(path, target, found, signal);
    rounds -= 1;
  }
  throw targetBusy(target);
}

/** Another that saw the same stale lock may still be about to move what is there now. */
async function settle(
  path: string,
  target: string,
  { id }: Holder,
  signal: AbortSignal | undefined,
): Promise<void> {
  await pause(settlingTime, signal);
  if (!(await isOf(id, path))) throw targetBusy(target);
}

async function write(path: string, holder: Holder): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(JSON.stringify(holder));
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

/** A lock as it was found. */
interface Found {
  /** Null where it names none. */
  holder: Holder | null;
  /** Milliseconds since the epoch. */
  touched: number;
  inode: number;
}

/** Or its writer died while writing, which only time can tell. */
function isBeingWritten({ holder, touched }: Found): boolean {
  return holder === null && Math.abs(Date.now() - touched) <= writingTime;
}

async function removeIfStale(
  path: string,
  target: string,
  found: Found,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(await isStale(path, found, signal))) throw targetBusy(target);
  // Moving is atomic: of two processes that both saw the stale lock, one moves it. If what was moved is not what was
  // seen, another has taken the lock over in between; it gets it back, unless yet another has come.
  const aside = `${path}-${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const moved = await look(aside);
  if (
    moved?.inode === found.inode &&
    moved.touched === found.touched &&
    moved.holder?.id === found.holder?.id
  ) {
    await rm(aside, { force: true });
    return;
  }
  await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  throw targetBusy(target);
}

async function isStale(
  path: string,
  { holder, touched }: Found,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (holder === null) return true;
  const fate = await fateOf(holder);
  if (fate === 'dead') return true;
  // On this very machine a beat is not late, so listening tells; over a network it may be.
  const tells = fate === 'unknown' && holder.host === hostname();
  if (!tells && Math.abs(Date.now() - touched) <= staleAfter) return false;
  await pause(listeningTime, signal);
  const now = await look(path);
  return now === null || now.touched === touched;
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  throwIfAborted(signal);
}

/** Null where there is none. @throws OUTPUT_UNUSABLE where something else is in its place */
async function look(path: string): Promise<Found | null> {
  const entry = await lstat(path).catch(() => null);
  if (entry === null) return null;
  // Reading a pipe would never end.
  if (!entry.isFile())
    throw new DatasaurExportError(
      'OUTPUT_UNUSABLE',
      `${path} is in the way: it is not the lock of a download.`,
      {
        hint: 'Remove it, or choose another --output.',
      },
    );
  return { holder: await readHolder(path), touched: entry.mtimeMs, inode: entry.ino };
}

async function isOf(id: string, path: string): Promise<boolean> {
  return (await look(path).catch(() => null))?.holder?.id === id;
}

async function readHolder(path: string): Promise<Holder | null> {
  return parseHolder(await readFile(path, 'utf8').catch(() => ''));
}
