/** The head of an HTTP/1.1 response, names in lower case, equal ones joined as RFC 9110 §5.2 has it. */
export interface ResponseHead {
  status: number;
  headers: ReadonlyMap<string, string>;
  /** How many bytes the head takes, with the empty line. */
  length: number;
}

const longestHead = 16 * 1024;

/**
 * Reads the head at the beginning of `bytes` (RFC 9112 §2–5). Strict: what is not plainly a head is not read at all, and
 * left to a client that knows every variety.
 *
 * @returns null where the head has not ended yet; `unusual` where it is not for us
 */
export function parseHead(bytes: Uint8Array): ResponseHead | 'unusual' | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, longestHead)).toString(
    'latin1',
  );
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return text.length < longestHead ? null : 'unusual';
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const status = /^HTTP\/1\.1 ([2-5]\d\d) [\t\x20-\x7e\x80-\xff]*$/.exec(first)?.[1];
  if (status === undefined) return 'unusual';
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return 'unusual';
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return { status: Number(status), headers, length: end + 4 };
}

/** The length of the body, where the head plainly says it (RFC 9112 §6.2); else null. */
export function bodyLength({ headers }: ResponseHead): number | null {
  const length = headers.get('content-length') ?? '';
  return !headers.has('transfer-encoding') && /^\d{1,15}$/.test(length) ? Number(length) : null;
}
