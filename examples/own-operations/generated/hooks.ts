import type { ErrorPolicy, OperationVariables } from '@apollo/client';
import { type SkipToken, useQuery } from '@apollo/client/react';
import * as documents from './documents.js';

/**
 * Apollo Client's `useQuery` for one operation. What it requires is required: variables, unless the hook is told to
 * skip, by `skipToken` or by `{ skip: true }`.
 */
export interface QueryHook<TData, TVariables extends OperationVariables> {
  (options: SkipToken): useQuery.Result<TData, TVariables, 'empty', Record<string, never>>;
  (
    options: SkipToken | SkippedQuery<TData, TVariables>,
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming', Partial<TVariables>>;
  <TErrorPolicy extends ErrorPolicy | undefined = undefined>(
    options: useQuery.Options<TData, TVariables> & { returnPartialData: boolean; errorPolicy?: TErrorPolicy },
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming' | 'partial', TVariables, TErrorPolicy>;
  <TErrorPolicy extends ErrorPolicy | undefined = undefined>(
    options:
      | SkipToken
      | SkippedQuery<TData, TVariables>
      | (useQuery.Options<TData, TVariables> & { returnPartialData: boolean; errorPolicy?: TErrorPolicy }),
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming' | 'partial', Partial<TVariables>, TErrorPolicy>;
  <TErrorPolicy extends ErrorPolicy | undefined = undefined>(
    ...options: {} extends TVariables
      ? [options?: useQuery.Options<TData, TVariables> & { errorPolicy?: TErrorPolicy }]
      : [options: useQuery.Options<TData, TVariables> & { errorPolicy?: TErrorPolicy }]
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming', TVariables, TErrorPolicy>;
  <TErrorPolicy extends ErrorPolicy | undefined = undefined>(
    options:
      | SkipToken
      | SkippedQuery<TData, TVariables>
      | (useQuery.Options<TData, TVariables> & { errorPolicy?: TErrorPolicy }),
  ): useQuery.Result<TData, TVariables, 'empty' | 'complete' | 'streaming', Partial<TVariables>, TErrorPolicy>;
}

/** Options of a query that is not sent, and so needs no variables. */
export type SkippedQuery<TData, TVariables extends OperationVariables> = Omit<
  useQuery.Options<TData, TVariables>,
  'variables' | 'skip' | 'returnPartialData'
> & { skip: true };

/** Reads `TeamLogos`: Apollo Client's `useQuery`, with its options. */
export const useTeamLogosQuery: QueryHook<
  documents.TeamLogosQuery,
  documents.TeamLogosQueryVariables
> = (options?: unknown) => useQuery(documents.TeamLogosDocument, options as never) as never;
