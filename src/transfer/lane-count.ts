/** How fast the bytes of a file came over so many connections. */
export interface Sample {
  lanes: number;
  /** Bytes per second. */
  rate: number;
}

/** Of what added connections could bring at best, this much has to come, or they are not worth their cost. */
const worth = 0.3;

/** A single connection that brings so many bytes per second is limited by this machine, not by the network. */
const fast = 200_000_000;

/** A file that is nearly there (seconds) is not worth another connection. */
const nearlyThere = 0.2;

/**
 * How many connections to go on with: more as long as those that were added bring something, else as many as before. Grows
 * fast, because a large file may be there within a second or two.
 *
 * @param before the sample with fewer connections; null at first
 * @param remaining bytes that nobody has yet
 * @returns `settled`: nothing more is to be tried now; `local`: nor later
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
}): { lanes: number; settled: boolean; local: boolean } {
  const local = now.lanes === 1 && now.rate >= fast;
  if (before !== null) {
    const hoped = (before.rate * now.lanes) / before.lanes - before.rate;
    if (now.rate < before.rate + worth * hoped) return { lanes: before.lanes, settled: true, local };
  }
  const settled = local || now.lanes >= most || remaining < now.rate * nearlyThere;
  const more = now.lanes === 1 ? 4 : now.lanes * 2;
  return { lanes: settled ? now.lanes : Math.min(most, more), settled, local };
}
