/** How fast the bytes of a file came over so many connections. */
export interface Sample {
  lanes: number;
  /** Bytes per second. */
  rate: number;
}

/** Of what twice the connections could bring at best, this much has to come, or they are not worth their cost. */
const worth = 0.3;

/** A single connection that brings so many bytes per second is limited by this machine, not by the network. */
const fast = 200_000_000;

/** A file that is nearly there (seconds) is not worth another connection. */
const nearlyThere = 0.2;

/**
 * How many connections to go on with: twice as many as long as that brings more, else as many as before. Grows by
 * doubling because a large file may be there within a second or two.
 *
 * @param before the sample with half as many connections; null at first
 * @param remaining bytes that nobody has yet
 */
export function nextLaneCount({
  before,
  now,
  remaining,
  most,
}: {
  before: Sample | null;
  now: Sample;
  remaining: number;
  most: number;
}): { lanes: number; settled: boolean } {
  if (before !== null) {
    const hoped = (before.rate * now.lanes) / before.lanes - before.rate;
    if (now.rate < before.rate + worth * hoped) return { lanes: before.lanes, settled: true };
  }
  const local = now.lanes === 1 && now.rate >= fast;
  const settled = local || now.lanes >= most || remaining < now.rate * nearlyThere;
  return settled ? { lanes: now.lanes, settled } : { lanes: Math.min(most, now.lanes * 2), settled };
}
