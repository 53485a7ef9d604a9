import type { IncomingHttpHeaders } from 'node:http';

/** Which bytes of an object answer a request: `end` is exclusive. */
export type ObjectDecision =
  | { readonly status: 200 | 206; readonly start: number; readonly end: number }
  | { readonly status: 412 }
  | { readonly status: 416; readonly range: string };

/** What S3 makes of `If-Match` and `Range` for an object of `size` bytes with the quoted `etag`. */
export function decide(headers: IncomingHttpHeaders, size: number, etag: string): ObjectDecision {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !matches(ifMatch, etag)) return { status: 412 };
  const range = headers.range ?? '';
  const spec = singleRange(range);
  if (spec === null) return { status: 200, start: 0, end: size };
  const [start, end] =
    'suffix' in spec ? [Math.max(0, size - spec.suffix), size] : [spec.first, spec.last + 1];
  if (start >= size || end <= start) return { status: 416, range };
  return { status: 206, start, end: Math.min(end, size) };
}

type Range = { readonly first: number; readonly last: number } | { readonly suffix: number };

/** Null for everything that S3 ignores: no range, several, another unit, or nonsense such as `bytes=5-2`. */
function singleRange(header: string): Range | null {
  const [, from = '', to = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header) ?? [];
  if (from === '') return to === '' ? null : { suffix: Number(to) };
  const first = Number(from);
  const last = to === '' ? Infinity : Number(to);
  return first <= last ? { first, last } : null;
}

/** `If-Match` lists quoted ETags (S3 takes bare ones too) or is `*`; a weak one never matches. */
function matches(ifMatch: string, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^"(.*)"$/, '$1');
  return ifMatch.split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(etag));
}
