/** Which object the bytes of a partial file belong to. Holds no secret: no URL, no token. */
export interface Journal {
  /** Bytes of the whole object. */
  size: number;
  /** Strong ETag with quotes. Without one nothing proves that later bytes belong to the same object. */
  etag: string;
}

const format = 'datasaur-export partial download, version 1';

export function encodeJournal({ size, etag }: Journal): string {
  return `${JSON.stringify({ format, size, etag })}\n`;
}

/** Null for anything but a whole journal of this version. */
export function decodeJournal(text: string): Journal | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { format: found, size, etag } = value as Record<string, unknown>;
  if (found !== format || !Number.isSafeInteger(size) || typeof etag !== 'string' || etag === '') return null;
  return { size: size as number, etag };
}
