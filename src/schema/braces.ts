import { TokenKind, type ASTNode, type Token } from 'graphql';
import { indented } from './layout.js';
import { locationOf } from './source-place.js';
import { spliced, type Piece } from './spliced.js';

/** What a definition has in braces. */
export interface Braces<Member extends ASTNode = ASTNode> {
  readonly open: Token;
  readonly close: Token;
  readonly members: readonly Member[];
}

/** Null if it has none. */
export function bracesOf<Member extends ASTNode>(
  node: ASTNode,
  members: readonly Member[] = [],
): Braces<Member> | null {
  const [first] = members;
  if (first === undefined) return null;
  let open = locationOf(first).startToken;
  while (open.kind !== TokenKind.BRACE_L && open.prev !== null) open = open.prev;
  return { open, close: locationOf(node).endToken, members };
}

/**
 * The text from behind the opening brace to behind the closing one.
 *
 * @param pieces for each of the members
 * @param added the texts of new ones
 */
export function textInBraces(
  { open, close, members }: Braces,
  pieces: readonly Piece[],
  added: readonly string[],
): string {
  const source = members[0] === undefined ? '' : locationOf(members[0]).source.body;
  const inside = source.slice(open.end, close.start);
  if (inside.includes('\n')) {
    return `${spliced(source, [open.end, close.start], pieces, added.map(indented), '')}}`;
  }
  const unchanged = pieces.every(({ start, end, text }) => text === source.slice(start, end));
  if (unchanged && added.length === 0) return `${inside}}`;
  const kept = pieces.flatMap(({ text }) => (text === null ? [] : [`  ${text}`]));
  return `\n${[...kept, ...added.map(indented)].join('\n')}\n}`;
}
