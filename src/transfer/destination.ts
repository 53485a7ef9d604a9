import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, rmdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DatasaurExportError, systemCode } from '../errors/index.js';
import { isMissing, onDisk } from './disk-error.js';
import { finishTidying } from './left-overs.js';
import { collisionKey, distinguishedFileName, safeFileName } from './file-name.js';

export interface DestinationOptions {
  /** Replace an existing file, once its replacement is verified. Default false. */
  overwrite?: boolean | undefined;
  /** More than one file will be placed, so that only a directory will do. Default false. */
  several?: boolean | undefined;
}

/**
 * Where files go: a directory, or the name of one file. Prepared, and found to be usable, before anything is requested.
 */
export class Destination {
  readonly overwrite: boolean;
  readonly #directory: string;
  readonly #fileName: string | null;
  readonly #created: string | null;
  readonly #claimed = new Set<string>();

  private constructor(
    directory: string,
    fileName: string | null,
    created: string | null,
    overwrite: boolean,
  ) {
    this.#directory = directory;
    this.#fileName = fileName;
    this.#created = created;
    this.overwrite = overwrite;
  }

  /**
   * @param to an existing directory, a path that ends in `/` (then created), or the name of one file in an existing
   *   directory. Default: the current directory.
   * @throws FILE_EXISTS, OUTPUT_UNUSABLE, INVALID_ARGUMENT (a file name for several files)
   */
  static async prepare(
    to = '.',
    { overwrite = false, several = false }: DestinationOptions = {},
  ): Promise<Destination> {
    if (to === '' || to.includes('\0')) throw invalid('The output path is empty or holds a NUL.');
    const path = resolve(to);
    const kind = await kindOf(path);
    if (kind === 'directory' || /[/\\]$/.test(to)) {
      if (kind !== 'directory' && kind !== 'nothing') throw unusable(path, 'is not a directory');
      const created = await onDisk(`Creating ${path}`, async () => createDirectory(path));
      const destination = new Destination(path, null, created, overwrite);
      await tryWriting(path).catch(async (error: unknown) => {
        await destination.tidy();
        throw error;
      });
      return destination;
    }
    if (several)
      throw invalid(
        `${to} is not a directory, and more than one file is to be written.`,
        'End it in / to have it created.',
      );
    await refuseExisting(path, kind, overwrite);
    await tryWriting(dirname(path));
    return new Destination(dirname(path), basename(path), null, overwrite);
  }

  /**
   * Runs `task` with a destination: the caller's own, which the caller tidies too, or one that is prepared for this task
   * alone and tidied after it. So no task takes away a directory that others still count on.
   *
   * @throws as {@link Destination.prepare}, and whatever the task throws
   */
  static async use<T>(
    to: string | Destination | undefined,
    options: DestinationOptions,
    task: (destination: Destination) => Promise<T>,
  ): Promise<T> {
    if (to instanceof Destination) return task(to);
    const destination = await Destination.prepare(to, options);
    try {
      return await task(destination);
    } finally {
      await destination.tidy();
    }
  }

  /**
   * The absolute path for a file that the server calls `fileName`. A second file of one name in one run is told apart
   * by `owner`, such as the team's id.
   *
   * @throws FILE_EXISTS, OUTPUT_UNUSABLE
   */
  async place(fileName: string, owner = ''): Promise<string> {
    const safe = this.#fileName ?? safeFileName(fileName);
    let name = safe;
    for (let round = 1; this.#claimed.has(collisionKey(name)); round += 1) {
      name = distinguishedFileName(safe, round === 1 && owner !== '' ? owner : `${owner}-${round}`);
    }
    this.#claimed.add(collisionKey(name));
    const path = join(this.#directory, name);
    await refuseExisting(path, await kindOf(path), this.overwrite);
    return path;
  }

  /** Removes the directory again if it was created here and nothing was put into it. */
  async tidy(): Promise<void> {
    if (this.#created === null) return;
    let path = this.#directory;
    try {
      for (; path.length >= this.#created.length; path = dirname(path)) await rmdir(path);
    } catch {
      // Not empty, or already gone: either way it is not ours to remove.
    }
  }
}

/**
 * Creates a directory with its parents, one by one: Node's recursive mkdir never returns where the system answers ENOENT
 * for a name that cannot be created, as in /proc.
 *
 * @returns the topmost directory that was created, null if it was there
 */
async function createDirectory(path: string): Promise<string | null> {
  if ((await kindOf(path)) === 'directory') return null;
  const parent = dirname(path);
  const created = parent === path ? null : await createDirectory(parent);
  await mkdir(path).catch((error: unknown) => {
    if (systemCode(error) !== 'EEXIST') throw error;
  });
  return created ?? path;
}

type Kind = 'nothing' | 'directory' | 'file' | 'other';

async function kindOf(path: string): Promise<Kind> {
  return onDisk(`Looking at ${path}`, async () => {
    const entry = await stat(path).catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      // A dangling symbolic link is in the way all the same.
      return lstat(path).catch((missing: unknown) => {
        if (isMissing(missing)) return null;
        throw missing;
      });
    });
    if (entry === null) return 'nothing';
    if (entry.isDirectory()) return 'directory';
    return entry.isFile() || entry.isSymbolicLink() ? 'file' : 'other';
  });
}

async function refuseExisting(path: string, kind: Kind, overwrite: boolean): Promise<void> {
  if (kind === 'nothing') return;
  // Replacing a device or a pipe by a file would break more than an export.
  if (kind !== 'file')
    throw unusable(path, kind === 'directory' ? 'is a directory' : 'is not a regular file');
  if (overwrite) return;
  await finishTidying(path);
  throw fileExists(path);
}

/** Only creating a file proves that files can be created: permission bits do not tell of read-only file systems. */
async function tryWriting(directory: string): Promise<void> {
  await onDisk(`Writing to ${directory}`, async () => {
    const path = join(directory, `.datasaur-export-${randomUUID()}`);
    const file = await open(path, 'wx');
    await file.close();
    await rm(path);
  });
}

export function fileExists(path: string): DatasaurExportError {
  return new DatasaurExportError('FILE_EXISTS', `${path} exists already and was left as it is.`, {
    hint: 'Choose another --output, or replace it with --overwrite.',
    details: { path },
  });
}

function unusable(path: string, why: string): DatasaurExportError {
  return new DatasaurExportError('OUTPUT_UNUSABLE', `${path} ${why}.`, { hint: 'Choose another --output.' });
}

function invalid(message: string, hint = ''): DatasaurExportError {
  return new DatasaurExportError('INVALID_ARGUMENT', message, { hint });
}
