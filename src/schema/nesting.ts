import { GraphQLError, Lexer, TokenKind, type Source } from 'graphql';

/** What people and generators write stays far below; what walks a document would run out of stack far above. */
export const nestingLimit = 500;

/** @throws GraphQLError where the text is nested deeper, or has what is no token of GraphQL */
export function refuseDeepNesting(source: Source): void {
  const lexer = new Lexer(source);
  let depth = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (opening.has(token.kind)) depth += 1;
    if (closing.has(token.kind)) depth -= 1;
    if (depth > nestingLimit)
      throw new GraphQLError(`it is nested more than ${nestingLimit} deep.`, {
        source,
        positions: [token.start],
      });
  }
}

const opening = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);
