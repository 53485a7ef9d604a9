/** A GraphQL error as servers send it; every part may be missing or of another kind. */
export interface GraphqlErrorLike {
  message?: unknown;
  path?: unknown;
  extensions?: unknown;
}

/** The refusal that a fresh token may mend. */
export function isUnauthorized(errors: readonly GraphqlErrorLike[]): boolean {
  return errors.some(
    (error) =>
      tagOf(error, 'type') === 'AuthenticationError' ||
      tagOf(error, 'code') === 'UNAUTHENTICATED' ||
      error.message === 'Unauthorized',
  );
}

/** The refusal that no token of the same owner mends. */
export function isForbidden(errors: readonly GraphqlErrorLike[]): boolean {
  return errors.some(
    (error) =>
      ['ForbiddenError', 'AuthorizationError'].includes(tagOf(error, 'type')) ||
      tagOf(error, 'code') === 'FORBIDDEN' ||
      error.message === 'Forbidden',
  );
}

/**
 * Errors beside an answer that has every field it should: of nullable fields inside it (GraphQL specification, "Errors
 * and Non-Null"), or warnings. A refusal, or an error of the operation's own field, is not harmless.
 */
export function areHarmless(errors: readonly GraphqlErrorLike[]): boolean {
  return (
    !isUnauthorized(errors) &&
    !isForbidden(errors) &&
    errors.every(({ path }) => !Array.isArray(path) || path.length !== 1)
  );
}

/** The members of whatever stands where GraphQL errors should. */
export function errorList(value: unknown): readonly GraphqlErrorLike[] {
  if (!Array.isArray(value)) return [];
  return value.map((error: unknown) =>
    typeof error === 'object' && error !== null ? error : { message: error },
  );
}

/** The `errors` of a body that is a GraphQL answer, also one that came with an HTTP error status; null if it is none. */
export function errorsIn(bodyText: string): readonly GraphqlErrorLike[] | null {
  try {
    const value: unknown = JSON.parse(bodyText);
    const errors = typeof value === 'object' && value !== null && 'errors' in value ? value.errors : null;
    return Array.isArray(errors) && errors.length > 0 ? errorList(errors) : null;
  } catch {
    return null;
  }
}

export function looksLikeHtml({
  headers,
  text,
}: {
  headers: { get(name: string): string | null };
  text: string;
}): boolean {
  return (headers.get('content-type') ?? '').includes('html') || /^\s*</.test(text);
}

function tagOf({ extensions }: GraphqlErrorLike, name: string): string {
  if (typeof extensions !== 'object' || extensions === null) return '';
  const tag = (extensions as Record<string, unknown>)[name];
  return typeof tag === 'string' ? tag : '';
}
