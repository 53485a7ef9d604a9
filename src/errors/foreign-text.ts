import { systemCode } from './system-code.js';

/*
 * Text that others wrote (servers, the system, libraries) before it becomes part of a message of ours: it may echo a
 * token, hold a signed URL, drive a terminal or never end.
 */

const redacted = '[redacted]';
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(https?:\/\/[^\s"'<>?]+)\?[^\s"'<>]+/gi, `$1?${redacted}`],
  [/(https?:\/\/)[^\s/@"'<>]+@/gi, '$1'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [
    /\b((?:x-amz-(?:signature|credential|security-token)|access_token|client_secret)\\?["']?\s*(?:[=:]|%3[ad])\s*\\?["']?)[^\s"'&<>]+/gi,
    `$1${redacted}`,
  ],
  // A signature or a digest standing alone, and a JSON Web Token.
  [/[0-9a-f]{32,}/gi, redacted],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, redacted],
];
// C0 and C1 controls and bidirectional overrides can rewrite what a terminal shows.
const controls = /[\p{Cc}\p{Bidi_Control}]+/gu;

/** One line of at most `limit` characters without control characters or anything that looks like, or is, a secret. */
export function foreignText(text: string, secrets: Iterable<string> = [], limit = 300): string {
  // Cut before the patterns run, so that a huge answer cannot make them slow; the word that the cut went through may be
  // half a secret, which nothing below would recognise.
  const far = limit + 8192;
  let safe = text.length > far ? text.slice(0, far).replace(/\S*$/, '') || 'a very long text' : text;
  // Shorter strings are not secrets worth the damage that replacing them does to a message.
  for (const secret of secrets) if (secret.length >= 4) safe = safe.replaceAll(secret, redacted);
  safe = safe.replace(controls, ' ');
  for (const [pattern, replacement] of patterns) safe = safe.replace(pattern, replacement);
  safe = safe.replace(/\s+/g, ' ').trim();
  // Not through the middle of a surrogate pair.
  return safe.length > limit ? `${safe.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…` : safe;
}

/** What any thrown value calls itself, whichever realm it comes from. */
export function nameAndMessage(error: unknown): { name: string; message: string } {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error) };
  const { name, message } = error as { name?: unknown; message?: unknown };
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : '',
  };
}

/** A copy of an error that is safe to hand out as `cause`: its name, code and cleaned message, nothing else. */
export function sanitizedCause(error: unknown, secrets: Iterable<string> = []): Error {
  const { name, message } = nameAndMessage(error);
  const copy = new Error(foreignText(message, secrets));
  copy.name = foreignText(name, secrets, 80);
  copy.stack = `${copy.name}: ${copy.message}`;
  const code = systemCode(error);
  return code === null ? copy : Object.assign(copy, { code });
}
