const second = 1000;
const minute = 60 * second;
/** Where an axis may end. */
const ends = [5, 10, 20, 40, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * second);
const ticks = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * second);

/** Milliseconds at the end of an axis on which `elapsed` has a place. */
export function axisEnd(elapsed: number): number {
  return ends.find((end) => elapsed <= end) ?? Math.ceil(elapsed / (60 * minute)) * 60 * minute;
}

/**
 * Where a moment is on the axis, from 0 to 1. By its square root: the pauses between two attempts grow with the square
 * root of the time, so that their marks are evenly spread.
 */
export function placeOf(moment: number, end: number): number {
  return Math.sqrt(Math.min(Math.max(moment, 0), end) / end);
}

/** The moments that get a label: from the end backwards, where there is room for one. */
export function ticksOf(end: number): readonly number[] {
  const chosen = [end];
  for (const tick of ticks.filter((one) => one < end).reverse()) {
    if (placeOf(chosen[0] ?? end, end) - placeOf(tick, end) > 0.14 && placeOf(tick, end) > 0.12)
      chosen.unshift(tick);
  }
  return chosen;
}

/** `5 s`, `2 min`. */
export function tickLabel(tick: number): string {
  return tick < minute ? `${tick / second} s` : `${tick / minute} min`;
}
