/** `Content-Range` of a 206 (`first`, `last`, `size`) or a 416 (`first` and `last` null). `size` null means `*`. */
export interface ContentRange {
  first: number | null;
  last: number | null;
  size: number | null;
}

/** Strict grammar of RFC 9110 §14.4; null for anything else, also for ranges that contradict themselves. */
export function parseContentRange(value: string | null): ContentRange | null {
  const match = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/i.exec(value?.trim() ?? '');
  if (match === null) return null;
  const number = (part?: string): number | null => (part === undefined || part === '*' ? null : Number(part));
  const [first, last, size] = [number(match[1]), number(match[2]), number(match[3])];
  if (first === null || last === null) return size === null ? null : { first: null, last: null, size };
  if (last < first || (size !== null && last >= size)) return null;
  return { first, last, size };
}
