import { DatasaurExportError } from '../errors/index.js';
import type { Clock } from './clock.js';
import type { DeliveryStatusSource } from './delivery-watch.js';
import { parseDuration, type Duration } from './duration.js';
import type { Limits } from './evidence.js';
import type { Pace } from './schedule.js';

/** One attempt of a wait, for progress and timelines. */
export interface Attempt {
  /** 1, 2, 3, … */
  number: number;
  /** Milliseconds since the wait began. */
  elapsed: number;
  /** What came back: `206`, `404 NoSuchKey`, `503 SlowDown`, `timeout`, `ECONNREFUSED`. */
  seen: string;
  ready: boolean;
}

export interface WaitOptions {
  /** How long to wait. Default `15m`. A URL that expires earlier ends the wait then. */
  timeout?: Duration;
  signal?: AbortSignal | undefined;
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Asked beside the polling, so that an export that FAILED ends the wait at once. */
  deliveryStatus?: DeliveryStatusSource | undefined;
  /**
   * More than 1: fewer requests, and later knowledge of the file; less than 1: the reverse. Lag grows with it, and the
   * number of requests falls with it, in proportion (docs/waiting.md). Default 1.
   */
  patience?: number;
  /** How long after the beginning of the wait the file usually comes; it is then looked for more often around that time. */
  expected?: Duration | undefined;
  /** When the URL expires, for URLs that do not say so themselves. */
  expiresAt?: Date | undefined;
  /** How long the file may be missing after the server reported DELIVERED. Default `30s`. */
  deliveredGrace?: Duration;
  /** How long a host may answer with bare 403s while no delivery status says that the export is under way. Default `5m`. */
  forbiddenLimit?: Duration;
  /** Also accept a plain `http:` URL to a host other than loopback. Default false. */
  allowInsecureHttp?: boolean;
  /** How long one attempt may take until the head of its answer is there, in milliseconds. Default 10 000. */
  attemptTimeout?: number;
  /**
   * How many bytes each attempt asks for, from the first. The answer that finds the file ready already brings them, so
   * that a file of up to this size needs no request but that one. Default 8 MiB; at least 1.
   */
  firstRange?: number;
  /** For tests. */
  clock?: Clock;
  /** For tests: 0 ≤ random < 1. */
  random?: () => number;
  /** For tests: milliseconds since the epoch. */
  today?: () => number;
}

/** As much as S3's makers advise for one range; a Team Overview is nearly always smaller. */
const defaultFirstRange = 8 * 1024 * 1024;

/** What the options come to. */
export interface WaitPlan {
  limits: Limits;
  pace: Pace;
  firstRange: number;
}

/** @throws INVALID_ARGUMENT */
export function planOf(options: WaitOptions): WaitPlan {
  const { expected, firstRange = defaultFirstRange, patience = 1 } = options;
  if (!Number.isSafeInteger(firstRange) || firstRange < 1)
    throw invalid('firstRange must be a whole number of bytes, at least 1.');
  if (!((options.attemptTimeout ?? 1) > 0))
    throw invalid('attemptTimeout must be a positive number of milliseconds.');
  if (!(patience > 0 && patience < Infinity)) throw invalid('patience must be a positive number.');
  return {
    limits: {
      timeout: parseDuration(options.timeout ?? '15m', 'timeout'),
      deliveredGrace: parseDuration(options.deliveredGrace ?? '30s', 'deliveredGrace'),
      forbiddenLimit: parseDuration(options.forbiddenLimit ?? '5m', 'forbiddenLimit'),
    },
    pace: { patience, expected: expected === undefined ? null : parseDuration(expected, 'expected') },
    firstRange,
  };
}

function invalid(message: string): DatasaurExportError {
  return new DatasaurExportError('INVALID_ARGUMENT', message);
}
