import { DatasaurExportError, systemCode, throwIfAborted } from '../errors/index.js';
import type { Clock, OpenedRange, RemoteFile } from '../readiness/index.js';
import type { PartialFile } from './partial-file.js';
import { patience, retryDelay } from './retry-budget.js';

export interface FetchBytesOptions {
  signal: AbortSignal;
  clock: Clock;
  /** Milliseconds without a byte after which a connection is given up. */
  stallTimeout: number;
  onBytes: (position: number) => void;
}

/** Why an attempt ended before the end of the file, and how long the server asks to be left alone. */
interface Break {
  label: string;
  retryAfter: number | null;
}

/**
 * Appends what is missing of `remote` to `partial`, continuing after breaks as long as attempts bring something new.
 *
 * @returns whether every answer bore the object's strong ETag
 * @throws DOWNLOAD_INTERRUPTED, LENGTH_MISMATCH, ABORTED, and whatever an answer that is final means
 */
export async function fetchBytes(
  remote: RemoteFile,
  partial: PartialFile,
  options: FetchBytesOptions,
): Promise<boolean> {
  const { signal, clock } = options;
  let furthest = partial.position;
  let fruitless = 0;
  let sameEtag = true;
  while (partial.position < remote.size) {
    await partial.rewind();
    throwIfAborted(signal);
    const broken = await attempt(remote, partial, options, (opened) => (sameEtag &&= opened.sameEtag));
    throwIfAborted(signal);
    fruitless = partial.position > furthest ? 0 : fruitless + 1;
    furthest = Math.max(furthest, partial.position);
    if (partial.position >= remote.size) break;
    if (fruitless >= patience) throw interrupted(remote, partial, furthest, broken);
    await clock.delay(retryDelay(fruitless, broken.retryAfter), signal);
    throwIfAborted(signal);
  }
  return sameEtag;
}

/** One connection: reads until its range is complete, or it breaks, or it falls silent. */
async function attempt(
  remote: RemoteFile,
  partial: PartialFile,
  { signal, clock, stallTimeout, onBytes }: FetchBytesOptions,
  onOpened: (opened: OpenedRange) => void,
): Promise<Break> {
  const connection = new AbortController();
  const stop = connection.abort.bind(connection);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const watchdog = new Watchdog(clock, stallTimeout, connection);
  try {
    const opened = await remote.open(partial.position, remote.size - 1, connection.signal);
    const { verdict } = opened;
    if (verdict.state === 'final')
      throw new DatasaurExportError(verdict.code, verdict.message, { hint: verdict.hint });
    if (verdict.state !== 'ready') {
      return { label: watchdog.barked ? 'silence' : opened.label, retryAfter: retryAfterOf(opened) };
    }
    onOpened(opened);
    for await (const chunk of opened.body) {
      watchdog.feed();
      if (partial.position + chunk.byteLength > verdict.last + 1) throw tooLong(remote);
      await partial.append(chunk);
      onBytes(partial.position);
      if (signal.aborted) break;
    }
    return { label: 'a body that ended early', retryAfter: null };
  } catch (error) {
    if (DatasaurExportError.is(error)) throw error;
    return { label: watchdog.barked ? 'silence' : (systemCode(error) ?? 'a broken body'), retryAfter: null };
  } finally {
    signal.removeEventListener('abort', stop);
    watchdog.dismiss();
    connection.abort();
  }
}

/** Drops a connection on which nothing has arrived for a while. Looks only now and then, so that bytes cost it nothing. */
class Watchdog {
  barked = false;
  readonly #clock: Clock;
  readonly #end = new AbortController();
  #last: number;

  constructor(clock: Clock, limit: number, connection: AbortController) {
    this.#clock = clock;
    this.#last = clock.now();
    void this.#watch(limit, connection);
  }

  feed(): void {
    this.#last = this.#clock.now();
  }

  dismiss(): void {
    this.#end.abort();
  }

  async #watch(limit: number, connection: AbortController): Promise<void> {
    for (;;) {
      const left = limit - (this.#clock.now() - this.#last);
      if (left <= 0) break;
      await this.#clock.delay(left, this.#end.signal);
      if (this.#end.signal.aborted) return;
    }
    this.barked = true;
    connection.abort();
  }
}

function retryAfterOf({ verdict }: OpenedRange): number | null {
  return verdict.state === 'not-yet' ? verdict.retryAfter : null;
}

function tooLong(remote: RemoteFile): DatasaurExportError {
  return new DatasaurExportError(
    'LENGTH_MISMATCH',
    `The file host sent more than the ${remote.size} bytes it announced.`,
    {
      hint: 'A proxy between you and the file host may be at fault.',
    },
  );
}

function interrupted(
  { size }: RemoteFile,
  { resumable }: PartialFile,
  position: number,
  { label }: Break,
): DatasaurExportError {
  return new DatasaurExportError(
    'DOWNLOAD_INTERRUPTED',
    `The file host stopped delivering after ${position} of ${size} bytes; ${patience} attempts brought nothing new (last: ${label}).`,
    {
      hint: resumable
        ? 'Run again: what has arrived is kept and continued.'
        : 'Run again. The file host names neither an ETag nor a date, so that nothing could be continued.',
      details: { position, size, last: label },
    },
  );
}
