const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Node's timers fire at once when asked to wait longer than this. */
const LONGEST = 2 ** 31 - 1;

/** A length of time: a number of milliseconds, or a number with a unit, e.g. `'500ms'`, `'3s'`, `'15m'`, `'6h'`. */
export type Duration = number | string;

/**
 * The duration in whole milliseconds.
 *
 * @throws RangeError naming `option` when it is not a duration, negative, or longer than 24 days.
 */
export function toMilliseconds(duration: Duration, option: string): number {
  const milliseconds = typeof duration === 'number' ? duration : parse(duration);
  if (milliseconds >= 0 && milliseconds <= LONGEST) return Math.round(milliseconds);
  throw new RangeError(`${option}: expected milliseconds or e.g. '3s' (ms, s, m, h), got '${duration}'`);
}

function parse(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? NaN) : NaN;
}
