import { ApolloLink } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { catchError, defer, from, map, mergeMap, of, throwError, type Observable } from 'rxjs';
import type { AccessTokens } from './credentials.js';
import { errorList, errorsIn, isUnauthorized } from './graphql-answer.js';

/**
 * Sends each operation with a token, and once more with a fresh one if the server refused the first. A refused operation
 * did not run, so this repeats nothing that may have had an effect.
 */
export function authorizationLink(tokens: AccessTokens): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const context = operation.getContext();
    const fetchOptions = context['fetchOptions'] as { signal?: AbortSignal } | undefined;
    const signal = fetchOptions?.signal;
    const onSending = context['onSending'] as (() => void) | undefined;
    const send = (token: string): Observable<ApolloLink.Result> => {
      const headers = context['headers'] as Record<string, string> | undefined;
      operation.setContext({ headers: { ...headers, authorization: `Bearer ${token}` } });
      onSending?.();
      return forward(operation);
    };
    return from(tokens.current(signal)).pipe(
      mergeMap((token) =>
        send(token).pipe(
          mergeMap((result) =>
            isRefusal(result) ? throwError(() => new CombinedGraphQLErrors(result)) : of(result),
          ),
          catchError((refusal: unknown) => {
            if (!isRefusalError(refusal)) return throwError(() => refusal);
            return defer(async () => tokens.renewed(token, signal)).pipe(
              map((fresh) => {
                if (fresh === null) throw refusal;
                return fresh;
              }),
              mergeMap(send),
            );
          }),
        ),
      ),
    );
  });
}

function isRefusal(result: ApolloLink.Result): boolean {
  return isUnauthorized(errorList(result.errors));
}

function isRefusalError(error: unknown): error is Error {
  return (
    (ServerError.is(error) && (error.statusCode === 401 || isUnauthorized(errorsIn(error.bodyText) ?? []))) ||
    (CombinedGraphQLErrors.is(error) && isUnauthorized(errorList(error.errors)))
  );
}
