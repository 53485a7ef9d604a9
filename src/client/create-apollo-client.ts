import { ApolloClient, ApolloLink } from '@apollo/client';
import { BaseHttpLink } from '@apollo/client/link/http';
import { apiSender, linkFetch } from './api-fetch.js';
import { authorizationLink } from './authorization-link.js';
import { accessTokens, type Credentials } from './credentials.js';
import { defaultFetch } from './default-fetch.js';
import { NoCache } from './no-cache.js';

export interface ApolloClientOptions {
  /** `<base>/graphql`. */
  graphqlUrl: string;
  /** `<base>/api/oauth/token`. */
  tokenUrl: string;
  credentials: Credentials;
  /** Default: cross-fetch. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds that a request may take. */
  requestTimeout: number;
  /** Filled with every secret that is used, so that messages can be cleaned of them. */
  secrets: Set<string>;
}

/** The only place that constructs an `ApolloClient`. @throws NO_CREDENTIALS */
export function createApolloClient(options: ApolloClientOptions): ApolloClient {
  const { graphqlUrl, tokenUrl, credentials, fetch = defaultFetch, requestTimeout, secrets } = options;
  const send = apiSender(fetch, requestTimeout);
  return new ApolloClient({
    // The base link is the one that does not add the name of its library to each request.
    link: ApolloLink.from([
      authorizationLink(accessTokens(credentials, { send, tokenUrl, secrets })),
      new BaseHttpLink({ uri: graphqlUrl, fetch: linkFetch(send) }),
    ]),
    cache: new NoCache(),
    queryDeduplication: false,
  });
}
