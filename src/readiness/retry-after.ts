/**
 * `Retry-After` in milliseconds from now; null when absent or malformed (RFC 9110 §10.2.3: seconds or an HTTP-date).
 *
 * @param date the answer's own `Date`, which a date is measured from: the server's clock may differ from ours.
 */
export function parseRetryAfter(value: string | null, date: number | null): number | null {
  const text = value?.trim() ?? '';
  // However long: what is too long for the wait is cut by its deadline.
  if (/^\d+$/.test(text)) return Math.min(Number(text), 1e9) * 1000;
  if (!/^[A-Z][a-z]+, .* GMT$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - (date ?? Date.now()));
}
