import { Kind, parseConstValue, print } from 'graphql';

/** Longer ones get lines of their own. */
const inlineLimit = 100;
// What a server writes is shown in terminals, as a diff: C0 and C1 controls and bidirectional overrides stay out.
const controls = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/**
 * A description as it will be read again once it is written; null if it says nothing. Without this, one that ends in a
 * blank line would be a change each time that it is compared.
 */
export function readDescription(text: string | null | undefined): string | null {
  if (text == null) return null;
  // By way of bytes, halves of surrogate pairs become what can be written.
  const lines = Buffer.from(text).toString().replace(/\r\n?/g, '\n');
  const safe = lines.replace(controls, (control) => (/[\n\t]/.test(control) ? control : ''));
  const value = parseConstValue(blockText(safe.replace(/[ \t]+$/gm, '')));
  return value.kind === Kind.STRING && value.value !== '' ? value.value : null;
}

/** @param description as {@link readDescription} gave it */
export function descriptionText(description: string): string {
  if (description.length > inlineLimit || /[\n"\\]/.test(description)) return blockText(description);
  return print({ kind: Kind.STRING, value: description });
}

/** A block string: nothing but its own end is escaped. */
function blockText(text: string): string {
  return `"""\n${text.replaceAll('"""', '\\"""')}\n"""`;
}
