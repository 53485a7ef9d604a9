import { ApolloClient, ApolloLink } from '@apollo/client';
import { BaseHttpLink } from '@apollo/client/link/http';
import { linkFetch, type SendRequest } from './api-fetch.js';
import { authorizationLink } from './authorization-link.js';
import type { AccessTokens } from './credentials.js';
import { NoCache } from './no-cache.js';

/** The only place that constructs an `ApolloClient`. */
export function createApolloClient(
  graphqlUrl: string,
  { send, tokens }: { send: SendRequest; tokens: AccessTokens | null },
): ApolloClient {
  // The base link is the one that does not add the name of its library to each request.
  const http = new BaseHttpLink({ uri: graphqlUrl, fetch: linkFetch(send) });
  return new ApolloClient({
    link: tokens === null ? http : ApolloLink.from([authorizationLink(tokens), http]),
    cache: new NoCache(),
    queryDeduplication: false,
  });
}
