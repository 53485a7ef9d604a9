import type { AccessTokens } from './access-tokens.js';
import { equalInConstantTime } from './constant-time.js';
import { jsonReply, type Endpoint, type Inbound, type Reply } from './http-exchange.js';

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** `POST /api/oauth/token`: the OAuth 2.0 client credentials grant (RFC 6749, 4.4). */
export function oauthEndpoint(client: OAuthClient, tokens: AccessTokens): Endpoint {
  return async (request) => {
    if (request.method !== 'POST') return failure(405, 'invalid_request', { Allow: 'POST' });
    if (!isForm(request)) return failure(400, 'invalid_request');
    const form = new URLSearchParams(await request.body());
    return answer(form, client, tokens);
  };
}

function answer(form: URLSearchParams, client: OAuthClient, tokens: AccessTokens): Reply {
  const grantType = form.get('grant_type');
  if (grantType === null) return failure(400, 'invalid_request');
  if (grantType !== 'client_credentials') return failure(400, 'unsupported_grant_type');
  const knowsId = equalInConstantTime(form.get('client_id') ?? '', client.clientId);
  const knowsSecret = equalInConstantTime(form.get('client_secret') ?? '', client.clientSecret);
  if (!knowsId || !knowsSecret) return failure(401, 'invalid_client');
  const { token, expiresIn } = tokens.issue();
  const body = { access_token: token, token_type: 'bearer', expires_in: expiresIn };
  return jsonReply(200, body, NOT_STORED);
}

const NOT_STORED = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

function failure(status: number, error: string, headers: Record<string, string> = {}): Reply {
  return jsonReply(status, { error }, { ...NOT_STORED, ...headers });
}

function isForm(request: Inbound): boolean {
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? '');
}
