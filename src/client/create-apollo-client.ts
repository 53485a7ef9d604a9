import { ApolloClient, ApolloLink } from '@apollo/client';
import { BaseHttpLink } from '@apollo/client/link/http';
import { linkFetch, type SendRequest } from './api-fetch.js';
import { authorizationLink } from './authorization-link.js';
import type { AccessTokens } from './credentials.js';
import { NoCache } from './no-cache.js';

/** The only place that constructs an `ApolloClient`. */
export function createApolloClient(
  graphqlUrl: string,
  { send, tokens }: { send: SendRequest; tokens: AccessTokens },
): ApolloClient {
  return new ApolloClient({
    // The base link is the one that does not add the name of its library to each request.
    link: ApolloLink.from([
      authorizationLink(tokens),
      new BaseHttpLink({ uri: graphqlUrl, fetch: linkFetch(send) }),
    ]),
    cache: new NoCache(),
    queryDeduplication: false,
  });
}
