import type { ErrorCode } from '../../src/index.js';
import type { SizeName } from './exported-archive.js';
import type { FaultyHost } from './faulty-host.js';

export type Stage = 'request' | 'wait' | 'first range' | 'middle' | 'last byte' | 'fsync' | 'rename';

/** The right file under its name, or an error with what it leaves beside the target. */
export type Outcome = 'file' | Failure;

export interface Failure {
  code: ErrorCode;
  /**
   * `nothing`: no file of ours. `kept`: `T.datasaur-partial` with `T.datasaur-journal`, which the next run, with another
   * URL, continues. `may keep`: one or the other, where it depends on how the ranges are divided.
   */
  leaves: 'nothing' | 'kept' | 'may keep';
}

export const file = 'file';
export const nothing = (code: ErrorCode): Failure => ({ code, leaves: 'nothing' });
export const kept = (code: ErrorCode): Failure => ({ code, leaves: 'kept' });
export const mayKeep = (code: ErrorCode): Failure => ({ code, leaves: 'may keep' });

/** One line of the table. */
export interface Row {
  fault: string;
  stage: Stage;
  size: SizeName;
  outcome: Outcome;
  /** Breaks what is to be broken, before anything is asked of the host. */
  arrange?: ((scene: Scene) => unknown) | undefined;
  /** Milliseconds of a download's own time, which goes by fifty times as fast. Default 40 000. */
  stallTimeout?: number | undefined;
  /**
   * Whether a file is there before, to be replaced. Default: where an error is expected, so that it can be seen to be
   * untouched.
   */
  overwrite?: boolean | undefined;
  /** The target appears while the row goes on: it holds {@link precious} in the end. */
  appears?: boolean | undefined;
  /** A directory that is to be created, ending in `/`. Default: the row's own directory, which is there. */
  to?: string | undefined;
  /** Where the row's own directory is made. Default: where temporary files go. */
  within?: string | undefined;
  /** How requests for the object are sent. Default: the library's own way. */
  fetch?: ((scene: Scene) => typeof globalThis.fetch) | undefined;
  /** How often the fault was met, where the host does not see it. */
  hits?: (() => number) | undefined;
  /** Ends the fault, where the host cannot: before what was kept is continued, and at the end. */
  repair?: (() => unknown) | undefined;
}

/** Where a row is played. */
export interface Scene {
  host: FaultyHost;
  /** A directory of its own, empty but for the target that is there before. */
  root: string;
  target: string;
  /** Fires the signal that the row was given. */
  abort: () => void;
}

/** What the target holds that was there before. */
export const precious = Buffer.from('the previous export, which is precious');

export interface Observed {
  fault: string;
  stage: Stage;
  size: SizeName;
  /** `file ✓`, a code, or what else happened. */
  outcome: string;
  expected: string;
  requests: number;
  /** Bytes fetched ÷ size. */
  ratio: number;
  /** The same of the run that came after it. */
  again: number | null;
  /** Real ones. */
  milliseconds: number;
  /** Everything that is wrong beside the outcome: what leaked, what was left, what went on. */
  wrong: string[];
}

export function textOf(outcome: Outcome): string {
  return outcome === 'file' ? 'file ✓' : outcome.code;
}
