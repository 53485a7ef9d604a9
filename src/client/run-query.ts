import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { DatasaurExportError } from '../errors/index.js';
import { apiError, mayHaveStarted, type Circumstances } from './api-error.js';
import { areHarmless, errorList } from './graphql-answer.js';

/** What is needed of an `ApolloClient`, ours or a service's own. */
export type QueryingClient = Pick<ApolloClient, 'query'>;

/** How one operation is sent. */
export interface Sending {
  signal?: AbortSignal | undefined;
  /** Called, by our own client only, when there is a token and the operation goes out. */
  onSending?: (() => void) | undefined;
}

/**
 * Runs one operation, always over the network: an answer from a cache, or one shared with another caller, would be
 * another export's.
 *
 * @throws the API_* errors, AUTHENTICATION_FAILED, PERMISSION_DENIED, TOKEN_REQUEST_FAILED, GRAPHQL_ERROR, and for
 *   operations with side effects EXPORT_MAY_HAVE_STARTED
 */
export async function runQuery<Data, Variables extends OperationVariables>(
  client: QueryingClient,
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { signal, onSending, ...circumstances }: Circumstances & Sending,
): Promise<Data> {
  const context = { queryDeduplication: false, fetchOptions: { signal }, onSending };
  let answer: { data?: unknown; error?: unknown };
  try {
    const options = { query, variables, context, fetchPolicy: 'no-cache', errorPolicy: 'all' } as const;
    answer = await client.query(options as ApolloClient.QueryOptions);
  } catch (error) {
    throw apiError(error, circumstances);
  }
  const { data, error } = answer;
  const whole =
    typeof data === 'object' && data !== null && Object.values(data).every((field) => field != null);
  if (error != null && !(whole && CombinedGraphQLErrors.is(error) && areHarmless(errorList(error.errors)))) {
    throw apiError(error, circumstances);
  }
  if (!whole || Object.keys(data).length === 0) {
    throw new DatasaurExportError(
      'API_INVALID_RESPONSE',
      'The API answered without the data that was asked for.',
      { hint: circumstances.sideEffects ? mayHaveStarted : 'Check the base URL.' },
    );
  }
  return data as Data;
}
