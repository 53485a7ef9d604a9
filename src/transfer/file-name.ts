/** Room for the suffixes of the files that stand beside the target; file systems allow 255 bytes. */
const maxBytes = 200;
const fallback = 'team-overview';

/** Windows keeps these for devices, whatever follows the first dot. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/**
 * A file name that is safe on every file system, from one that a server chose: one path segment, no control or
 * bidirectional characters, not hidden, not reserved, at most 200 bytes; Unicode and the extension are kept.
 */
export function safeFileName(name: string): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '');
  const { stem, extension } = splitExtension(clean === '' ? fallback : clean);
  const free = reserved.test(stem.split('.')[0]?.trim() ?? '') ? `_${stem}` : stem;
  return `${cutToBytes(free, maxBytes - byteLength(extension))}${extension}`;
}

/** `Team Overview.zip` with `121` is `Team Overview (121).zip`. */
export function distinguishedFileName(name: string, by: string): string {
  const { stem, extension } = splitExtension(name);
  const mark = ` (${cutToBytes(safeFileName(by), maxBytes / 2)})`;
  return `${cutToBytes(stem, maxBytes - byteLength(mark + extension))}${mark}${extension}`;
}

/** The form under which two names are one file on file systems that ignore case or Unicode normalisation. */
export function collisionKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function splitExtension(name: string): { stem: string; extension: string } {
  const extension = /(?<=.)\.[^.\s]{1,16}$/u.exec(name)?.[0] ?? '';
  return { stem: name.slice(0, name.length - extension.length), extension };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

function cutToBytes(text: string, limit: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > limit) return kept.replace(/[\s.]+$/, '');
    kept += character;
  }
  return kept;
}
