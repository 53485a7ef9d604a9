import type { Clock } from '../readiness/index.js';
import type { Sample } from './lane-count.js';

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

/** Bytes are counted for at least so many milliseconds, and for so many more where it begins well. */
const shortest = 40;
const longer = 100;
/** A single connection that brings so many bytes per second begins well. */
const promising = 50_000_000;

/**
 * Counts the bytes of all connections for a while, once all of them bring some, or have had a second to do so: the longer
 * that takes, the farther the host, and the longer a connection takes to reach its speed. A first connection that begins
 * well is counted again: its beginning does not say how good it is.
 */
export async function sampleThroughput(
  { lanes, flowing, position }: Throughput,
  clock: Clock,
  signal: AbortSignal,
): Promise<Sample> {
  const added = clock.now();
  while (clock.now() - added < longestWait && flowing() < lanes() && !signal.aborted)
    await clock.delay(5, signal);
  const wait = clock.now() - added;
  const count = async (milliseconds: number): Promise<Sample> => {
    const [start, before] = [clock.now(), position()];
    await clock.delay(milliseconds, signal);
    const seconds = Math.max(1, clock.now() - start) / 1000;
    return { lanes: lanes(), rate: (position() - before) / seconds };
  };
  const first = await count(Math.max(shortest, 2 * wait));
  return first.lanes === 1 && first.rate >= promising ? count(longer) : first;
}
