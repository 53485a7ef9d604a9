import { DatasaurExportError, systemCode } from '../errors/index.js';
import { onAbort, type Clock, type OpenedRange, type Opening, type RemoteFile } from '../readiness/index.js';
import type { Assembly } from './assembly.js';
import type { Claim } from './blocks.js';
import type { Sink } from './direct-connection.js';
import { DirectBody } from './direct-fetch.js';
import { patience, retryDelay } from './retry-budget.js';
import { Watchdog } from './watchdog.js';

/** Why an attempt ended before the end of its range, and how long the server asks to be left alone. */
export interface Break {
  label: string;
  /** Whether nothing was heard for too long. */
  silent: boolean;
  /** Milliseconds. */
  retryAfter: number | null;
}

/** What the lanes of one download share. */
export interface LaneContext {
  remote: RemoteFile;
  assembly: Assembly;
  /** Fires when the download ends for whatever reason. */
  signal: AbortSignal;
  /** Fires also when all bytes have come, so that nobody pauses for nothing. */
  wanted: AbortSignal;
  clock: Clock;
  /** Milliseconds without a byte after which a connection is given up. */
  stallTimeout: number;
  /** Whether a break can be continued. */
  resumable: boolean;
  /** What to fetch next; null when there is nothing more for this lane. */
  claim: () => Claim | null;
  onBytes: () => void;
  onOpened: (opened: OpenedRange) => void;
  /** Ends this lane, unless it is the last that can still bring the rest. */
  leave: () => boolean;
}

/**
 * Fetches claim after claim over one connection at a time, continuing after breaks as long as attempts bring something
 * new. A lane that is not the last gives up sooner, and leaves its bytes to the others.
 *
 * @returns the break that was one too many, or null when there was nothing more to fetch
 */
export async function runLane(
  context: LaneContext,
  opening: { opening: Opening; claim: Claim } | null,
): Promise<Break | null> {
  const { assembly, clock, signal, resumable } = context;
  let fruitless = 0;
  let open = opening?.opening ?? null;
  let claim = opening?.claim ?? context.claim();
  let furthest = claim?.position ?? 0;
  while (claim !== null && !signal.aborted) {
    const before = claim.position;
    const broken = await attempt(context, claim, open);
    const gained = claim.position - before;
    open = null;
    fruitless = claim.position > furthest ? 0 : fruitless + 1;
    furthest = Math.max(furthest, claim.position);
    // Also what is left of it: while this lane pauses, another may go on.
    assembly.blocks.release(claim);
    if (claim.position < claim.end) {
      if (fruitless >= patience || (fruitless > (broken.silent ? 0 : 1) && context.leave())) return broken;
      await clock.delay(retryDelay(fruitless, broken.retryAfter, gained), context.wanted);
      if (context.wanted.aborted) return broken;
      // Where the bytes cannot be identified, what comes next may not belong to what is there.
      if (!resumable) await assembly.restart();
    }
    claim = context.claim();
    if (claim !== null && resumable) furthest = claim.position;
  }
  return null;
}

/** One connection: reads until its claim is fetched, or it breaks, or it falls silent. Moves the claim's position on. */
async function attempt(context: LaneContext, claim: Claim, ready: Opening | null): Promise<Break> {
  const { remote, signal, clock, stallTimeout } = context;
  const connection = new AbortController();
  const drop = connection.abort.bind(connection);
  connection.signal.addEventListener('abort', () => ready?.close());
  const release = onAbort(signal, drop);
  const watchdog = new Watchdog(clock, stallTimeout, connection);
  const breakOf = (label: string, retryAfter: number | null = null): Break => ({
    label: watchdog.barked ? 'silence' : label,
    silent: watchdog.barked,
    retryAfter,
  });
  try {
    const opened = ready ?? (await remote.open(claim.position, claim.end - 1, connection.signal));
    const { verdict } = opened;
    if (verdict.state === 'final')
      throw new DatasaurExportError(verdict.code, verdict.message, { hint: verdict.hint });
    if (verdict.state !== 'ready') {
      const retryAfter = verdict.state === 'not-yet' ? verdict.retryAfter : null;
      return breakOf(opened.label, retryAfter);
    }
    context.onOpened(opened);
    const end = Math.min(claim.end, verdict.last + 1);
    const sink = sinkOf(context, claim, watchdog);
    if (opened.body instanceof DirectBody && end === verdict.last + 1) {
      await opened.body.readInto(sink);
      return breakOf('a body that ended early');
    }
    for await (const chunk of opened.body) {
      watchdog.feed();
      if (claim.position + chunk.byteLength > verdict.last + 1) throw tooLong(remote);
      await pour(sink, chunk.subarray(0, end - claim.position), signal);
      if (signal.aborted || (claim.position === end && end <= verdict.last)) break;
    }
    return breakOf('a body that ended early');
  } catch (error) {
    if (DatasaurExportError.is(error)) throw error;
    return breakOf(systemCode(error) ?? 'a broken body');
  } finally {
    release();
    watchdog.dismiss();
    drop();
  }
}

/** The memory for the bytes of a claim. */
function sinkOf({ assembly, onBytes }: LaneContext, claim: Claim, watchdog: Watchdog): Sink {
  return {
    room: () => assembly.room(claim.position),
    filled: (count) => {
      watchdog.feed();
      assembly.filled(claim.position, count);
      claim.position += count;
      onBytes();
    },
    whenRoom: async () => {
      watchdog.resting = true;
      await assembly.whenRoom();
      watchdog.resting = false;
      watchdog.feed();
    },
  };
}

async function pour(sink: Sink, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let offset = 0; offset < bytes.byteLength && !signal.aborted;) {
    const room = sink.room();
    if (room === null) {
      await sink.whenRoom();
      continue;
    }
    const piece = bytes.subarray(offset, offset + room.byteLength);
    room.set(piece);
    sink.filled(piece.byteLength);
    offset += piece.byteLength;
  }
}

function tooLong(remote: RemoteFile): DatasaurExportError {
  return new DatasaurExportError(
    'LENGTH_MISMATCH',
    `The file host sent more than the range it announced (of a file of ${remote.size} bytes).`,
    {
      hint: 'A proxy between you and the file host may be at fault, or a fetch that unpacks what comes packed.',
    },
  );
}
