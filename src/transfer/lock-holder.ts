import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { systemCode } from '../errors/index.js';

/** Who holds a lock. */
export interface Holder {
  pid: number;
  host: string;
  /** Within which process numbers mean the same: one boot of one system, one PID namespace. Null where that is not known. */
  scope: string | null;
  /** When the process began, in the system's own ticks, which tells it from a later one of the same number; or null. */
  started: string | null;
  /** Tells this lock from another of the same process. */
  id: string;
}

/** This process, as the holder of a lock. */
export async function thisProcess(id: string): Promise<Holder> {
  const { pid } = process;
  return { pid, host: hostname(), scope: await scope(), started: await startOf(pid), id };
}

/** What became of the process that holds a lock; `unknown` where it cannot be looked up from here. */
export async function fateOf(holder: Holder): Promise<'alive' | 'dead' | 'unknown'> {
  if (holder.host !== hostname() || holder.scope !== (await scope())) return 'unknown';
  if (!exists(holder.pid)) return 'dead';
  const started = await startOf(holder.pid);
  if (holder.started !== null && started !== null) return holder.started === started ? 'alive' : 'dead';
  // Our own number may be that of another thread of ours, or of an earlier process, as in a restarted container.
  return holder.pid === process.pid ? 'unknown' : 'alive';
}

export function parseHolder(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { pid, host, scope, started, id } = value as Partial<Record<keyof Holder, unknown>>;
    if (typeof pid !== 'number' || pid <= 0 || typeof host !== 'string' || typeof id !== 'string')
      return null;
    return { pid, host, scope: textOrNull(scope), started: textOrNull(started), id };
  } catch {
    return null;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Linux tells (proc(5)); elsewhere null. */
async function scope(): Promise<string | null> {
  try {
    const [boot, namespace] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlink('/proc/self/ns/pid'),
    ]);
    return `${boot.trim()} ${namespace}`;
  } catch {
    return null;
  }
}

/** Linux tells (proc(5), field 22 of `stat`); elsewhere null. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
