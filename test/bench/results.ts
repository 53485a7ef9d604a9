import type { CellResult } from '../../bench/transfer/results.mjs';

/** A cell in which each contender took these seconds, a run each, with a peak of 50 MB unless told otherwise. */
export function cellOf(
  title: string,
  seconds: Record<string, number[]>,
  { peakMegabytes = 50, ...rest }: Partial<CellResult> & { peakMegabytes?: number } = {},
): CellResult {
  return {
    title,
    baseline: Object.keys(seconds)[0] ?? '',
    series: Object.entries(seconds).map(([id, values]) => ({
      id,
      name: id,
      runs: values.map((value) => ({ seconds: value, cpuSeconds: value / 2, peakMegabytes })),
    })),
    invalid: null,
    notes: [],
    ...rest,
  };
}
