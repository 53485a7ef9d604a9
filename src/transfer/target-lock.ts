import { lstat, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DatasaurExportError, systemCode, throwIfAborted } from '../errors/index.js';
import { isMissing, onDisk } from './disk-error.js';

/** A lock whose holder cannot be looked up (another machine, a recycled process id) is given up after this silence. */
const staleAfter = 30_000;
const heartbeat = 5_000;
/** A clock that jumped looks like silence, so a heart that has stopped is listened to for longer than a beat. */
const listeningTime = heartbeat + 1000;
/** To write a lock takes a living process less than this many milliseconds; so long one without a holder is waited for. */
const writingTime = 2000;
const writingPause = 50;
const heldHere = new Set<string>();

interface Holder {
  pid: number;
  host: string;
  /** Tells this lock from a later one of the same process. */
  id: string;
}

/**
 * Keeps two downloads, of one process or of several, off one target. The lock is a file beside the target that names its
 * holder and is touched while held; one whose holder is dead is taken over at once.
 *
 * @returns what releases the lock
 * @throws TARGET_BUSY, ABORTED
 */
export async function lockTarget(
  target: string,
  signal: AbortSignal | undefined,
): Promise<() => Promise<void>> {
  const path = `${target}.datasaur-lock`;
  if (heldHere.has(path)) throw busy(target);
  heldHere.add(path);
  const holder: Holder = { pid: process.pid, host: hostname(), id: randomUUID() };
  try {
    await onDisk(`Locking ${target}`, async () => acquire(path, target, holder, signal));
  } catch (error) {
    heldHere.delete(path);
    throw error;
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, heartbeat);
  beat.unref();
  return async () => {
    clearInterval(beat);
    if ((await readHolder(path))?.id === holder.id) await rm(path, { force: true });
    heldHere.delete(path);
  };
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
  throw busy(target);
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
  if (!(await isStale(path, found, signal))) throw busy(target);
  // Moving is atomic: of two processes that both saw the stale lock, one moves it. If what was moved is not what was
  // seen, another has taken the lock over in between; it gets it back.
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
  await rename(aside, path);
  throw busy(target);
}

async function isStale(
  path: string,
  { holder, touched }: Found,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (holder === null) return true;
  if (holder.host === hostname() && !isAlive(holder.pid)) return true;
  if (Math.abs(Date.now() - touched) <= staleAfter) return false;
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

function isAlive(pid: number): boolean {
  // Our own number, but not in `heldHere`: left by a process that had it before us, as in a restarted container.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const { pid, host, id } = value as Partial<Record<keyof Holder, unknown>>;
    if (typeof pid !== 'number' || pid <= 0 || typeof host !== 'string' || typeof id !== 'string')
      return null;
    return { pid, host, id };
  } catch {
    return null;
  }
}

function busy(target: string): DatasaurExportError {
  return new DatasaurExportError('TARGET_BUSY', `Another process is downloading to ${target}.`, {
    hint: 'Wait for it, or choose another --output.',
  });
}
