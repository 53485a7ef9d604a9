import { DatasaurExportError, sanitizedCause } from '../errors/index.js';
import { OAuthTokens, type OAuthClient } from './oauth-tokens.js';
import type { SendRequest } from './api-fetch.js';

/**
 * How the API is told who asks: a token that is there already, a function that gives one each time it is asked, or an
 * OAuth 2.0 client whose tokens are fetched, shared and renewed here.
 */
export type Credentials = { accessToken: string } | OAuthClient | (() => string | Promise<string>);

/** Where the access token of a request comes from. */
export interface AccessTokens {
  /** The token to use now. */
  current(signal?: AbortSignal): Promise<string>;
  /** Another token, after the server refused `refused`; null where there is no other. */
  renewed(refused: string, signal?: AbortSignal): Promise<string | null>;
}

/** @throws NO_CREDENTIALS */
export function accessTokens(
  credentials: Credentials,
  { send, tokenUrl, secrets }: { send: SendRequest; tokenUrl: string; secrets: Set<string> },
): AccessTokens {
  if (typeof credentials === 'function') return tokensFrom(credentials, secrets);
  if ('accessToken' in credentials) return fixedToken(usable(credentials.accessToken, secrets));
  const clientId = credentials.clientId.trim();
  const clientSecret = credentials.clientSecret.trim();
  if (clientId === '' || clientSecret === '')
    throw noCredentials('The OAuth client id or client secret is empty.');
  secrets.add(clientSecret);
  return new OAuthTokens({ clientId, clientSecret }, { send, tokenUrl, secrets });
}

function fixedToken(token: string): AccessTokens {
  return { current: async () => Promise.resolve(token), renewed: async () => Promise.resolve(null) };
}

function tokensFrom(source: () => string | Promise<string>, secrets: Set<string>): AccessTokens {
  const current = async (): Promise<string> => {
    let token: string;
    try {
      token = await source();
    } catch (error) {
      throw new DatasaurExportError(
        'TOKEN_REQUEST_FAILED',
        'The function that gives the access token failed.',
        {
          cause: sanitizedCause(error, secrets),
        },
      );
    }
    return usable(token, secrets);
  };
  const renewed = async (refused: string): Promise<string | null> => {
    const token = await current();
    return token === refused ? null : token;
  };
  return { current, renewed };
}

/** Secrets come from files and variables, often with a line break at the end; what cannot be a header is no token. */
function usable(token: string, secrets: Set<string>): string {
  const trimmed = token.trim();
  if (trimmed === '') throw noCredentials('The access token is empty.');
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw noCredentials('The access token holds characters that no token has.');
  secrets.add(trimmed);
  return trimmed;
}

function noCredentials(message: string): DatasaurExportError {
  return new DatasaurExportError('NO_CREDENTIALS', message, {
    hint: 'Give an access token, or an OAuth client id and client secret (Datasaur: Settings, OAuth credentials).',
  });
}
