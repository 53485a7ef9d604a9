const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** `300 kB`, `4.2 MB`. */
export function formatSize(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const unit = units[power] ?? 'byte';
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** power);
}

/** `18:42` today, `27 Nov, 18:42` on another day. */
export function formatMoment(moment: Date, now = new Date()): string {
  const today = moment.toDateString() === now.toDateString();
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(!today && { day: 'numeric', month: 'short' }),
  }).format(moment);
}
