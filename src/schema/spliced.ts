/** One element of a list in a source text, with the text that takes its place; null removes it. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string | null;
}

/**
 * A list between two places of a source text, with some of its elements replaced or removed and others added at the end.
 * All else stays as it is, character by character. A comment that stands directly above an element goes with it.
 *
 * @param gap what stands between the last element's line and the first that is added: nothing, or an empty line
 */
export function spliced(
  source: string,
  [from, to]: readonly [from: number, to: number],
  pieces: readonly Piece[],
  added: readonly string[],
  gap: '' | '\n',
): string {
  // The rest of an opening brace's line belongs to no element.
  let at = from === 0 ? 0 : endOfLine(source, from, pieces[0]?.start ?? to);
  let result = source.slice(from, at);
  let removed = false;
  pieces.forEach((piece, index) => {
    const before = source.slice(at, piece.start);
    const end = endOfLine(source, piece.end, pieces[index + 1]?.start ?? to);
    const after = source.slice(piece.end, end);
    at = end;
    if (piece.text === null) {
      result += detachedComments(before);
      removed = true;
      return;
    }
    // What has become the first does not begin with the empty line that parted it from another.
    const prefix = removed && result.trim() === '' ? before.replace(/^(?:[ \t]*\n)+/, '') : before;
    removed = false;
    result += prefix + piece.text + after;
  });
  for (const text of added) {
    if (result !== '' && !result.endsWith('\n')) result += '\n';
    result += (result.trim() === '' ? '' : gap) + text + '\n';
  }
  return result + source.slice(at, to);
}

/** The end of the element's line, with a comment that stands there, unless another element does. */
function endOfLine(source: string, from: number, next: number): number {
  const rest = /^[ \t,]*(?:#[^\n]*)?\n?/.exec(source.slice(from, next));
  return from + (rest?.[0].length ?? 0);
}

/** What stands above an element with an empty line between belongs to more than the element. */
function detachedComments(before: string): string {
  const detached = /^[^]*\n[ \t]*\n/.exec(before)?.[0] ?? '';
  return detached.includes('#') ? detached : '';
}
