export { apiClient, type ApiClientOptions, type LazyClient } from './api-client.js';
export type { Circumstances } from './api-error.js';
export type { Credentials } from './credentials.js';
export type { OAuthClient } from './oauth-tokens.js';
export type { QueryingClient, Sending } from './run-query.js';
