export type { Circumstances } from './api-error.js';
export { createApolloClient, type ApolloClientOptions } from './create-apollo-client.js';
export type { Credentials } from './credentials.js';
export type { OAuthClient } from './oauth-tokens.js';
export { runQuery, type QueryingClient, type Sending } from './run-query.js';
