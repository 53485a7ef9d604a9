import { apiSender, type AnswerLimit } from './api-fetch.js';
import { accessTokens, type Credentials } from './credentials.js';
import { defaultFetch } from './default-fetch.js';
import type { QueryingClient } from './run-query.js';

export interface ApiClientOptions {
  /** `<base>/graphql`. */
  graphqlUrl: string;
  /** `<base>/api/oauth/token`. */
  tokenUrl: string;
  /** Null to ask without any. */
  credentials: Credentials | null;
  /** Default: cross-fetch. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds that a request may take. */
  requestTimeout: number;
  /** How large an answer may be. Default: 8 MiB. */
  answerLimit?: AnswerLimit | undefined;
  /** Filled with every secret that is used, so that messages can be cleaned of them. */
  secrets: Set<string>;
}

/** A client that is made when it is first needed. */
export type LazyClient = () => Promise<QueryingClient>;

/**
 * What queries one API. Apollo Client takes a third of a second to load, so whoever only waits and downloads does not
 * wait for it.
 *
 * @throws NO_CREDENTIALS
 */
export function apiClient(options: ApiClientOptions): LazyClient {
  const { graphqlUrl, tokenUrl, credentials, fetch = defaultFetch, requestTimeout, secrets } = options;
  const send = apiSender(fetch, requestTimeout, options.answerLimit);
  const tokens = credentials === null ? null : accessTokens(credentials, { send, tokenUrl, secrets });
  let client: Promise<QueryingClient> | null = null;
  return async () =>
    (client ??= import('./create-apollo-client.js').then(({ createApolloClient }) =>
      createApolloClient(graphqlUrl, { send, tokens }),
    ));
}
