import { DatasaurExportError, foreignText, sanitizedCause, throwIfAborted } from '../errors/index.js';
import type { ApiAnswer, SendRequest } from './api-fetch.js';
import type { AccessTokens } from './credentials.js';
import { looksLikeHtml } from './graphql-answer.js';
import { hostHint } from './host-hint.js';

/** An OAuth 2.0 client (RFC 6749 §4.4, client credentials). */
export interface OAuthClient {
  clientId: string;
  clientSecret: string;
}

interface Token {
  value: string;
  /** Milliseconds of the monotonic clock; Infinity where the server did not say. */
  renewAt: number;
}

/** One token request and how many callers wait for it. */
interface Pending {
  token: Promise<Token>;
  waiting: number;
  controller: AbortController;
}

interface Environment {
  send: SendRequest;
  tokenUrl: string;
  secrets: Set<string>;
}

/**
 * The tokens of an OAuth client: one request for any number of concurrent callers, renewed before they expire. There is
 * no refresh token; renewing is asking again.
 */
export class OAuthTokens implements AccessTokens {
  readonly #client: OAuthClient;
  readonly #environment: Environment;
  #token: Token | null = null;
  #pending: Pending | null = null;

  constructor(client: OAuthClient, environment: Environment) {
    this.#client = client;
    this.#environment = environment;
  }

  async current(signal?: AbortSignal): Promise<string> {
    throwIfAborted(signal);
    const { value } = this.#fresh() ?? (await this.#shared(signal));
    throwIfAborted(signal);
    return value;
  }

  async renewed(refused: string, signal?: AbortSignal): Promise<string> {
    // Of many callers whose token was refused, the first renews it for all.
    if (this.#token?.value === refused) this.#token = null;
    return this.current(signal);
  }

  #fresh(): Token | null {
    return this.#token !== null && performance.now() < this.#token.renewAt ? this.#token : null;
  }

  /** Joins the request that is under way, or starts it; the last caller to lose interest ends it. */
  async #shared(signal: AbortSignal | undefined): Promise<Token> {
    const pending = (this.#pending ??= this.#start());
    pending.waiting += 1;
    const leave = (): void => {
      pending.waiting -= 1;
      if (pending.waiting > 0) return;
      if (this.#pending === pending) this.#pending = null;
      pending.controller.abort();
    };
    signal?.addEventListener('abort', leave);
    try {
      return await pending.token;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #start(): Pending {
    const controller = new AbortController();
    const token = requestToken(this.#client, this.#environment, controller.signal);
    const pending = { token, waiting: 0, controller };
    const settle = (found: Token | null): void => {
      if (this.#pending !== pending) return;
      this.#pending = null;
      this.#token = found;
    };
    token.then(settle, () => { settle(null); }); // prettier-ignore
    return pending;
  }
}

async function requestToken(
  { clientId, clientSecret }: OAuthClient,
  environment: Environment,
  signal: AbortSignal,
): Promise<Token> {
  const { send, tokenUrl, secrets } = environment;
  const body = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  let answer: ApiAnswer;
  try {
    answer = await send(tokenUrl, { method: 'POST', headers, body: body.toString(), signal });
  } catch (error) {
    if (DatasaurExportError.is(error)) throw error;
    throw new DatasaurExportError(
      'API_UNREACHABLE',
      `The token endpoint of ${hostOf(tokenUrl)} could not be reached.`,
      {
        hint: 'Check the network and the base URL.',
        cause: sanitizedCause(error, secrets),
      },
    );
  }
  return readToken(answer, environment);
}

function readToken(answer: ApiAnswer, { tokenUrl, secrets }: Environment): Token {
  const said = parsed(answer.text);
  const token = said['access_token'];
  if (
    answer.status >= 200 &&
    answer.status < 300 &&
    typeof token === 'string' &&
    /^[\x21-\x7e]+$/.test(token)
  ) {
    secrets.add(token);
    return { value: token, renewAt: renewAt(Number(said['expires_in'])) };
  }
  const reason = [said['error'], said['error_description']]
    .filter((part) => typeof part === 'string')
    .join(': ');
  const text = foreignText(reason === '' ? `HTTP ${answer.status}` : reason, secrets);
  if (answer.status === 400 || answer.status === 401 || answer.status === 403) {
    throw new DatasaurExportError('AUTHENTICATION_FAILED', `The OAuth client was refused: ${text}.`, {
      hint: 'Check the client id and client secret, and that they belong to this base URL.',
    });
  }
  const odd = looksLikeHtml(answer) || (answer.status >= 300 && answer.status < 400);
  throw new DatasaurExportError(
    'TOKEN_REQUEST_FAILED',
    `The token endpoint gave no usable token (${text}).`,
    {
      hint: odd ? hostHint(tokenUrl) : 'Try again later.',
    },
  );
}

/** A minute before the end, or a tenth of the lifetime where that is shorter, so that no request carries a dying token. */
function renewAt(seconds: number): number {
  if (!(seconds > 0)) return Infinity;
  const lifetime = seconds * 1000;
  return performance.now() + lifetime - Math.min(60_000, lifetime / 10);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}
