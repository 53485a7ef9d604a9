import { DatasaurExportError } from '../errors/index.js';

/** Milliseconds, or a number with a unit: `'500ms'`, `'3s'`, `'15m'`, `'1.5h'`. */
export type Duration = number | string;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What a timer can hold; a longer one would fire at once. */
const longest = 2 ** 31 - 1;

/**
 * @returns milliseconds
 * @throws INVALID_ARGUMENT for anything but a positive duration of at most 24 days
 */
export function parseDuration(value: Duration, name = 'duration'): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(String(value)) ?? [];
  const milliseconds = typeof value === 'number' ? value : Number(number) * (units[unit ?? ''] ?? NaN);
  if (!(milliseconds > 0 && milliseconds <= longest)) {
    throw new DatasaurExportError(
      'INVALID_ARGUMENT',
      `${name} must be a duration, such as 500ms, 90s, 15m or 2h.`,
      {
        hint: 'A positive number with one of the units ms, s, m, h; at most 24 days.',
      },
    );
  }
  return milliseconds;
}

/** For people: `850 ms`, `12.3 s`, `15 min`, `1 h 30 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${Number((milliseconds / 1000).toFixed(1))} s`;
  const total = Math.round(milliseconds / 1000);
  const minutes = Math.floor(total / 60);
  const seconds = total % 60;
  if (minutes < 60) return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
