import * as fs from 'node:fs';
import * as promises from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

type Kind = 'partial' | 'journal' | 'lock' | 'target' | 'other';

export interface DiskRule {
  /** What fails: `name` is giving a file its name, by a link or otherwise; `space` is asking how much is free. */
  op: 'open' | 'write' | 'sync' | 'close' | 'name' | 'link' | 'mkdir' | 'space';
  /** With which of the documented files (or what stands in for it for a moment), the other files, or any. */
  on: Kind | 'any';
  /** The system's code that it fails with; without one it succeeds, after `before`. */
  code?: string;
  /** Writes up to this many bytes succeed, as on a disk that fills up. */
  after?: number;
  /** Writes take half of what they are given, and say so. */
  short?: boolean;
  /** How much is free, in bytes. */
  free?: number;
  /** What happens just before. */
  before?: () => void;
}

type Call = (...parameters: unknown[]) => unknown;

/**
 * The modules `node:fs` and `node:fs/promises`, in which operations fail as they are told to, by what they do and to which
 * file, whichever function does it. Everything else is the system's.
 */
export class FaultyDisk {
  rules: DiskRule[] = [];
  hits = 0;
  readonly #written = new Map<DiskRule, number>();
  readonly #paths = new Map<number, string>();

  /** To be passed to `jest.unstable_mockModule`. */
  get promises(): Record<string, unknown> {
    const real = promises as unknown as Record<string, Call>;
    const module: Record<string, unknown> = { ...real };
    const on = (name: string, run: (call: Call) => Call): void => {
      const call = real[name];
      if (call !== undefined) module[name] = run(call);
    };
    on('open', (call) => async (path, ...rest) => {
      this.#check('open', String(path));
      return this.#watched((await call(path, ...rest)) as FileHandle, String(path));
    });
    for (const name of ['writeFile', 'appendFile'])
      on(name, (call) => async (path, data, ...rest) => {
        if (typeof path === 'object' && path !== null && 'fd' in path) return await call(path, data, ...rest);
        this.#check('open', String(path));
        try {
          this.#room(String(path), Buffer.from(data as string).length);
          this.#check('sync', String(path));
        } catch (error) {
          // A write that fails has created the file before.
          await call(path, '', ...rest);
          throw error;
        }
        return await call(path, data, ...rest);
      });
    for (const name of ['link', 'rename', 'copyFile'])
      on(name, (call) => async (from, to, ...rest) => {
        this.#check('name', String(from));
        if (name === 'link') this.#check('link', String(from));
        return await call(from, to, ...rest);
      });
    on('mkdir', (call) => async (path, ...rest) => {
      this.#check('mkdir', String(path));
      return await call(path, ...rest);
    });
    on('statfs', (call) => async (path, ...rest) => {
      const rule = this.#check('space', String(path));
      const found = (await call(path, ...rest)) as fs.StatsFs;
      if (rule?.free === undefined) return found;
      return Object.assign(found, { bsize: 1, bavail: rule.free, bfree: rule.free });
    });
    return { ...module, default: module };
  }

  /** To be passed to `jest.unstable_mockModule`: the functions that work on descriptors or at once. */
  get sync(): Record<string, unknown> {
    const real = fs as unknown as Record<string, Call>;
    const module: Record<string, unknown> = { ...real, promises: this.promises };
    const on = (names: string[], check: (...parameters: unknown[]) => void): void => {
      for (const name of names) {
        const call = real[name];
        if (call === undefined) continue;
        module[name] = (...parameters: unknown[]) => {
          check(...parameters);
          return call(...parameters);
        };
      }
    };
    const pathOf = (file: unknown): string =>
      typeof file === 'number' ? (this.#paths.get(file) ?? '') : String(file);
    const openSync = fs.openSync as unknown as (...parameters: unknown[]) => number;
    module['openSync'] = (path: unknown, ...rest: unknown[]) => {
      this.#check('open', String(path));
      const fd = openSync(path, ...rest);
      this.#paths.set(fd, String(path));
      return fd;
    };
    on(['writeSync', 'writevSync', 'writeFileSync', 'appendFileSync'], (file, data) => {
      this.#room(pathOf(file), Buffer.from(data as string).length);
    });
    on(['fsyncSync', 'fdatasyncSync'], (file) => this.#check('sync', pathOf(file)));
    on(['linkSync', 'renameSync', 'copyFileSync'], (from) => this.#check('name', pathOf(from)));
    on(['linkSync'], (from) => this.#check('link', pathOf(from)));
    on(['mkdirSync'], (path) => this.#check('mkdir', pathOf(path)));
    return { ...module, default: module };
  }

  /** A handle whose own functions stand before those of its class, so that streams made of it go through them too. */
  #watched(handle: FileHandle, path: string): FileHandle {
    this.#paths.set(handle.fd, path);
    const real = handle as unknown as Record<string, Call>;
    const own: Record<string, Call> = {};
    const on = (name: string, run: (call: Call) => Call): void => {
      const call = real[name]!;
      own[name] = run((...parameters) => call.apply(handle, parameters));
    };
    on('write', (call) => async (data, offset, length, position) => {
      if (typeof data === 'string') {
        this.#room(path, Buffer.byteLength(data));
        return await call(data, offset, length);
      }
      const buffer = data as Uint8Array;
      const options =
        typeof offset === 'object' && offset !== null ? (offset as Record<string, number>) : null;
      const from = options?.['offset'] ?? (typeof offset === 'number' ? offset : 0);
      const wanted = options?.['length'] ?? (typeof length === 'number' ? length : buffer.byteLength - from);
      return await call(buffer, from, this.#room(path, wanted), options?.['position'] ?? position ?? null);
    });
    on('writev', (call) => async (buffers, position) => {
      const all = buffers as Uint8Array[];
      const wanted = all.reduce((sum, one) => sum + one.byteLength, 0);
      const room = this.#room(path, wanted);
      if (room === wanted) return await call(all, position ?? null);
      return await call([Buffer.concat(all).subarray(0, room)], position ?? null);
    });
    for (const name of ['writeFile', 'appendFile'])
      on(name, (call) => async (data, ...rest) => {
        this.#room(path, Buffer.from(data as string).length);
        return await call(data, ...rest);
      });
    for (const name of ['sync', 'datasync'])
      on(name, (call) => async () => {
        this.#check('sync', path);
        return await call();
      });
    on('close', (call) => async () => {
      await call();
      this.#check('close', path);
    });
    return Object.assign(handle, own);
  }

  /** How many of `wanted` bytes may be written. */
  #room(path: string, wanted: number): number {
    const rule = this.#ruleFor('write', path);
    if (rule === undefined) return wanted;
    if (rule.short === true) {
      this.hits += 1;
      return Math.max(1, wanted >> 1);
    }
    const written = this.#written.get(rule) ?? 0;
    const room = Math.min(wanted, (rule.after ?? 0) - written);
    if (room <= 0) this.#fail(rule, 'write', path);
    this.#written.set(rule, written + room);
    return room;
  }

  #check(op: DiskRule['op'], path: string): DiskRule | undefined {
    const rule = this.#ruleFor(op, path);
    if (rule === undefined) return undefined;
    this.hits += 1;
    rule.before?.();
    if (rule.code !== undefined) this.#fail(rule, op, path);
    return rule;
  }

  #ruleFor(op: DiskRule['op'], path: string): DiskRule | undefined {
    const kind = kindOf(path);
    return this.rules.find((rule) => rule.op === op && (rule.on === 'any' || rule.on === kind));
  }

  #fail({ code = 'EIO' }: DiskRule, op: string, path: string): never {
    this.hits += 1;
    throw Object.assign(new Error(`${code}: injected, ${op} '${path}'`), { code, syscall: op, path });
  }
}

function kindOf(path: string): Kind {
  const name = basename(path);
  for (const kind of ['partial', 'journal', 'lock'] as const)
    if (name.includes(`.datasaur-${kind}`)) return kind;
  return name.endsWith('.zip') ? 'target' : 'other';
}
