import type { ErrorCode } from './codes.js';

const brand = Symbol.for('datasaur-export.error');

export interface ErrorOptions {
  /** What the person can do next. */
  hint?: string;
  /** Only ever made by {@link sanitizedCause}: a raw cause may hold tokens or signed URLs. */
  cause?: Error | undefined;
  /** Facts for programs, specific to the code; holds no secret. */
  details?: Readonly<Record<string, unknown>>;
}

/**
 * The one class of every error that this package throws on purpose. Branch on {@link code}, show
 * {@link message} and {@link hint}. Neither they, nor `cause`, nor the JSON form hold a secret.
 */
export class DatasaurExportError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  /** What to do next; empty where nothing useful can be said. */
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, { hint = '', cause, details = {} }: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    // Platform convention: code that asks for `error.name === 'AbortError'` keeps working.
    this.name = code === 'ABORTED' ? 'AbortError' : 'DatasaurExportError';
    this.code = code;
    this.hint = hint;
    this.details = details;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether `error` is one of ours (also from another copy of this package) and, if given, has that code. */
  static is<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is DatasaurExportError<C> {
    return (
      typeof error === 'object' &&
      error !== null &&
      brand in error &&
      (code === undefined || ('code' in error && error.code === code))
    );
  }

  toJSON(): { name: string; code: Code; message: string; hint: string } {
    return { name: this.name, code: this.code, message: this.message, hint: this.hint };
  }
}

/** @throws ABORTED if `signal` has fired */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError();
}

/** The error that a wait, a request or a download ends with when its `AbortSignal` fires. */
export function abortedError(message = 'Aborted by the caller.', hint = ''): DatasaurExportError<'ABORTED'> {
  return new DatasaurExportError('ABORTED', message, { hint });
}
