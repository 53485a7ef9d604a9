/** Which object the bytes of a partial file belong to. Holds no secret: no URL, no token. */
export interface Journal {
  /** Bytes of the whole object. */
  size: number;
  /** What identifies the object's bytes: see `RemoteFile.validator`. */
  validator: string;
}

const format = 'datasaur-export partial download, version 1';

export function encodeJournal({ size, validator }: Journal): string {
  return `${JSON.stringify({ format, size, validator })}\n`;
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
  const { format: found, size, validator } = value as Record<string, unknown>;
  if (found !== format || !Number.isSafeInteger(size) || typeof validator !== 'string' || validator === '')
    return null;
  return { size: size as number, validator };
}
