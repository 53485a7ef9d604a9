import type { Clock } from '../readiness/index.js';
import type { Sample } from './lane-count.js';

/** Bytes are counted for at least so many milliseconds. */
const shortest = 40;
/** And so long is waited for the first of a connection. */
const longestWait = 1000;

/** What connections bring, as it goes on. */
export interface Throughput {
  /** How many connections there are. */
  readonly lanes: () => number;
  /** Of how many of them a byte has come. */
  readonly flowing: () => number;
  /** How many bytes have come. */
  readonly position: () => number;
}

/**
 * Counts the bytes of all connections for a while, once all of them bring some, or have had a second to do so: the longer
 * that takes, the farther the host, and the longer a connection takes to reach its speed.
 */
export async function sampleThroughput(
  { lanes, flowing, position }: Throughput,
  clock: Clock,
  signal: AbortSignal,
): Promise<Sample> {
  const added = clock.now();
  while (clock.now() - added < longestWait && flowing() < lanes() && !signal.aborted)
    await clock.delay(5, signal);
  const start = clock.now();
  const before = position();
  await clock.delay(Math.max(shortest, 2 * (start - added)), signal);
  const seconds = Math.max(1, clock.now() - start) / 1000;
  return { lanes: lanes(), rate: (position() - before) / seconds };
}
