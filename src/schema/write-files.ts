import { randomUUID } from 'node:crypto';
import * as nodeFs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatasaurExportError, sanitizedCause, systemCode } from '../errors/index.js';
import type { FileChange } from './fragment-files.js';

/** What of Node's file system is used; tests let a step of it fail. */
export type FileSystem = Pick<
  typeof nodeFs,
  | 'copyFileSync'
  | 'mkdirSync'
  | 'readFileSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'rmSync'
  | 'statSync'
  | 'writeFileSync'
>;

/** Files that were written; until one of these is called, both the old and the new ones are there. */
export interface WrittenFiles {
  /**
   * Puts back what still is as it was written. Does nothing once one of these was called.
   *
   * @throws OUTPUT_UNUSABLE where somebody else has changed something since, DISK_ERROR where something cannot be put back
   */
  undo: () => void;
  keep: () => void;
}

interface Step extends FileChange {
  /** Where the file really is: a link to it stays one. */
  readonly target: string;
  readonly fresh: string;
  readonly backup: string;
}

/**
 * Writes all of the files, or none. Everything that may well fail is done beside them first; what is left are renames, and
 * no signal comes between these.
 *
 * @throws OUTPUT_UNUSABLE
 */
export function writeFiles(changes: readonly FileChange[], fs: FileSystem = nodeFs): WrittenFiles {
  const folders: string[] = [];
  const steps: Step[] = [];
  const replaced: Step[] = [];
  let kept = false;
  const tidy = (): void => {
    for (const { fresh, backup } of steps)
      for (const path of [fresh, backup]) fs.rmSync(path, { force: true });
  };
  const undo = (): void => {
    if (kept) return;
    kept = true;
    const others = replaced.filter((step) => !isOurs(step, fs));
    const lost = replaced.reverse().filter((step) => !others.includes(step) && !putBack(step, fs));
    if (lost.length > 0) throw notPutBack(lost);
    tidy();
    for (const folder of folders.reverse()) removeIfEmpty(folder, fs);
    if (others.length > 0) throw changedMeanwhile(others);
  };
  try {
    for (const change of changes) {
      folders.push(...createdFolders(dirname(change.path), fs));
      const step = stepOf(change, fs);
      steps.push(step);
      prepare(step, fs);
    }
    for (const step of steps) {
      if (step.after === null) fs.rmSync(step.target);
      else fs.renameSync(step.fresh, step.target);
      replaced.push(step);
    }
  } catch (error) {
    undo();
    throw unwritable(error);
  }
  return {
    undo,
    keep: () => {
      kept = true;
      tidy();
    },
  };
}

function stepOf(change: FileChange, fs: FileSystem): Step {
  const target = change.before === null ? change.path : fs.realpathSync(change.path);
  const beside = (what: string): string =>
    join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.${what}`);
  return { ...change, target, fresh: beside('new'), backup: beside('old') };
}

/** Puts the new file and a copy of the old one beside it. */
function prepare({ path, before, after, target, fresh, backup }: Step, fs: FileSystem): void {
  if (contents(target, fs) !== before) {
    throw new DatasaurExportError('OUTPUT_UNUSABLE', `${path} changed while it was about to be written.`, {
      hint: 'Nothing was written. Run it again.',
    });
  }
  if (before !== null) fs.copyFileSync(target, backup);
  if (after === null) return;
  const mode = before === null ? {} : { mode: fs.statSync(target).mode & 0o777 };
  // Flushed, so that a power cut does not leave a name without a file.
  fs.writeFileSync(fresh, after, { flag: 'wx', flush: true, ...mode });
}

/** Whether it still is what we made of it: what somebody else has made of it since is not ours to undo. */
function isOurs({ target, after }: Step, fs: FileSystem): boolean {
  try {
    return contents(target, fs) === after;
  } catch {
    return true;
  }
}

function putBack({ before, target, backup }: Step, fs: FileSystem): boolean {
  try {
    if (before === null) fs.rmSync(target, { force: true });
    else fs.renameSync(backup, target);
    return true;
  } catch {
    return false;
  }
}

function contents(path: string, fs: FileSystem): string | null {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Those that were not there, the outermost first. */
function createdFolders(folder: string, fs: FileSystem): string[] {
  const first = fs.mkdirSync(folder, { recursive: true });
  if (first === undefined) return [];
  const created: string[] = [];
  const outermost = fs.realpathSync(first);
  for (let path = fs.realpathSync(folder); path.startsWith(outermost); path = dirname(path))
    created.unshift(path);
  return created;
}

function removeIfEmpty(folder: string, fs: FileSystem): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // Somebody else has put something there.
  }
}

function unwritable(error: unknown): unknown {
  const code = systemCode(error);
  if (DatasaurExportError.is(error) || code === null) return error;
  return new DatasaurExportError('OUTPUT_UNUSABLE', `The schema files cannot be written (${code}).`, {
    hint: 'Check that you may write there and that there is space; all files are as they were.',
    cause: sanitizedCause(error),
  });
}

function changedMeanwhile(steps: readonly Step[]): DatasaurExportError {
  const places = steps.map(({ path }) => path).join(', ');
  return new DatasaurExportError(
    'OUTPUT_UNUSABLE',
    `The pull failed, and ${places} changed in the meantime.`,
    {
      hint: 'What changed was left as it is now; all other schema files are as they were. Run it again.',
    },
  );
}

function notPutBack(steps: readonly Step[]): DatasaurExportError {
  const places = steps.map(({ before, path, backup }) =>
    before === null ? `${path} is new` : `${path} from ${backup}`,
  );
  return new DatasaurExportError('DISK_ERROR', 'Not all schema files could be put back as they were.', {
    hint: `Put them back by hand: ${places.join(', ')}.`,
  });
}
