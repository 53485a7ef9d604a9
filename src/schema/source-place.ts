import { TokenKind, type ASTNode, type Location, type StringValueNode, type Token } from 'graphql';

type Described = ASTNode & { readonly description?: StringValueNode | undefined };

/** @throws TypeError if it was parsed without */
export function locationOf(node: ASTNode): Location {
  if (node.loc === undefined) throw new TypeError(`a ${node.kind} was parsed without its location`);
  return node.loc;
}

/** `type`, `enum`, …, also of an extension. */
export function keywordIn(node: Described): string {
  const first = firstToken(node);
  return first.value === 'extend' ? tokenAfter(first).value : first.value;
}

/** Where a definition begins that has its description behind it. */
export function headStart(node: Described): number {
  return firstToken(node).start;
}

function firstToken({ description, ...node }: Described): Token {
  if (description === undefined) return locationOf(node).startToken;
  return tokenAfter(locationOf(description).endToken);
}

function tokenAfter(token: Token): Token {
  let next = token.next;
  while (next?.kind === TokenKind.COMMENT) next = next.next;
  return next ?? token;
}
