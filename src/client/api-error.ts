import { CombinedGraphQLErrors, ServerError, ServerParseError } from '@apollo/client/errors';
import {
  DatasaurExportError,
  foreignText,
  isCertificateFailure,
  sanitizedCause,
  systemCode,
  type ErrorCode,
} from '../errors/index.js';
import type { ApiAnswer } from './api-fetch.js';
import {
  errorList,
  errorsIn,
  isForbidden,
  isUnauthorized,
  looksLikeHtml,
  type GraphqlErrorLike,
} from './graphql-answer.js';
import { hostHint } from './host-hint.js';
import { wasNotSent } from './send-failure.js';

/** What the error of an operation has to know of the operation. */
export interface Circumstances {
  /** Whether the operation has side effects, so that a lost answer may mean that it ran. */
  sideEffects: boolean;
  /** Known only for a client of our own. */
  graphqlUrl?: string | undefined;
  secrets: Iterable<string>;
}

export const mayHaveStarted = 'An export may have been started; look before you ask again.';

/** Gives a failure of Apollo Client, of the network or of the server its typed error. Pure. */
export function apiError(error: unknown, circumstances: Circumstances): DatasaurExportError {
  if (DatasaurExportError.is(error)) return error;
  if (CombinedGraphQLErrors.is(error)) return graphqlError(errorList(error.errors), circumstances);
  if (ServerError.is(error) || ServerParseError.is(error)) {
    const { statusCode, bodyText, response } = error;
    return httpError({ status: statusCode, headers: response.headers, text: bodyText }, circumstances);
  }
  return networkError(error, circumstances);
}

function networkError(
  error: unknown,
  { sideEffects, graphqlUrl, secrets }: Circumstances,
): DatasaurExportError {
  const cause = sanitizedCause(error, secrets);
  const code = systemCode(error);
  const where = graphqlUrl === undefined ? 'The API' : `The API at ${new URL(graphqlUrl).host}`;
  const why = code === null || code === 'REQUEST_TIMEOUT' ? cause.message : code;
  // Apollo trips over answers that only look like GraphQL; what fetch throws has a cause.
  if (isPlainTypeError(error) && code === null) {
    return new DatasaurExportError(
      'API_INVALID_RESPONSE',
      'The API answered with something that is not GraphQL.',
      {
        hint: sideEffects ? mayHaveStarted : '',
        cause,
      },
    );
  }
  if (wasNotSent(code)) {
    return new DatasaurExportError(
      'API_UNREACHABLE',
      `${where} could not be reached (${why}); nothing was started.`,
      {
        hint: isCertificateFailure(code)
          ? 'Behind a private CA, set NODE_EXTRA_CA_CERTS to its certificate.'
          : 'Check the network and the base URL.',
        cause,
      },
    );
  }
  if (!sideEffects)
    return new DatasaurExportError('API_UNREACHABLE', `${where} did not answer (${why}).`, { cause });
  return new DatasaurExportError(
    'EXPORT_MAY_HAVE_STARTED',
    `The answer to the export request was lost (${why}): an export may have been started, and was not asked for again.`,
    { hint: 'Run again if another export does no harm.', cause },
  );
}

/** What browsers say, each in its own words, of a request that got no answer or may not be read (CORS). */
const fetchFailed = /^(failed to fetch|load failed|networkerror|network error)/i;

function isPlainTypeError(error: unknown): boolean {
  const { name, message, cause } = (error ?? {}) as { name?: unknown; message?: unknown; cause?: unknown };
  return name === 'TypeError' && cause === undefined && !fetchFailed.test(String(message));
}

function httpError(answer: ApiAnswer, circumstances: Circumstances): DatasaurExportError {
  const { status } = answer;
  const errors = errorsIn(answer.text);
  const is = (code: ErrorCode, message: string, hint: string): DatasaurExportError =>
    new DatasaurExportError(code, message, { hint, details: { status } });
  if (errors !== null && (status === 401 || isUnauthorized(errors)))
    return unauthorized(errors, circumstances);
  if (status === 401) return unauthorized([], circumstances);
  const html = looksLikeHtml(answer);
  const elsewhere = hostHint(circumstances.graphqlUrl);
  if (status === 403) return forbidden(errors ?? [], html ? elsewhere : '', circumstances);
  if (status === 0 || (status >= 300 && status < 400)) {
    return is('API_REDIRECTED', `The API answered with a redirect (${status}), which is not followed: it would carry the credentials elsewhere.`, elsewhere); // prettier-ignore
  }
  if (errors !== null) return graphqlError(errors, circumstances, status);
  const after = circumstances.sideEffects ? mayHaveStarted : 'Try again later.';
  if (status === 429)
    return is('API_RATE_LIMITED', 'The API asks for fewer requests (HTTP 429).', retryHint(answer));
  if (status >= 500)
    return is(
      'API_HTTP_ERROR',
      `The API answered with HTTP ${status}.`,
      html ? `${after} ${elsewhere}` : after,
    );
  if (html) {
    return is(
      'API_INVALID_RESPONSE',
      `The API answered with a web page instead of GraphQL (HTTP ${status}).`,
      elsewhere,
    );
  }
  if (status >= 400)
    return is(
      'API_HTTP_ERROR',
      `The API answered with HTTP ${status}${quoted(answer.text, circumstances)}.`,
      elsewhere,
    );
  const what =
    answer.text.trim() === '' ? 'an empty answer' : 'something that is not GraphQL, or was cut off';
  return is('API_INVALID_RESPONSE', `The API answered with ${what} (HTTP ${status}).`, after);
}

function graphqlError(
  errors: readonly GraphqlErrorLike[],
  circumstances: Circumstances,
  status = 200,
): DatasaurExportError {
  if (isUnauthorized(errors)) return unauthorized(errors, circumstances);
  if (isForbidden(errors)) return forbidden(errors, '', circumstances);
  const said = textOf(errors, circumstances);
  return new DatasaurExportError('GRAPHQL_ERROR', `The API refused the operation: ${said}.`, {
    hint: /cannot query field|unknown (argument|type)|is not defined/i.test(said)
      ? "The server's schema differs from the one this version was made for."
      : 'Check the team id, and that this team may export its overview.',
    details: { status },
  });
}

function unauthorized(
  errors: readonly GraphqlErrorLike[],
  circumstances: Circumstances,
): DatasaurExportError {
  const said = errors.length === 0 ? 'HTTP 401' : textOf(errors, circumstances);
  return new DatasaurExportError('AUTHENTICATION_FAILED', `The server refused the credentials: ${said}.`, {
    hint: 'The access token may have expired, or belong to another base URL; get a new one.',
  });
}

function forbidden(
  errors: readonly GraphqlErrorLike[],
  hint: string,
  circumstances: Circumstances,
): DatasaurExportError {
  const said = errors.length === 0 ? 'HTTP 403' : textOf(errors, circumstances);
  return new DatasaurExportError('PERMISSION_DENIED', `The server does not permit this: ${said}.`, {
    hint:
      hint === ''
        ? "Ask an admin of the team to allow exports of its overview, or use another owner's token."
        : hint,
  });
}

function textOf(errors: readonly GraphqlErrorLike[], { secrets }: Circumstances): string {
  const texts = errors
    .slice(0, 3)
    .map(({ message }) => foreignText(typeof message === 'string' ? message : 'no message', secrets));
  return [...new Set(texts)].join('; ').replace(/\.$/, '');
}

function quoted(text: string, { secrets }: Circumstances): string {
  const said = foreignText(text, secrets, 120);
  return said === '' ? '' : ` (${said})`;
}

function retryHint({ headers }: ApiAnswer): string {
  const after = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(after) ? `Try again in ${after} s.` : 'Try again later.';
}
