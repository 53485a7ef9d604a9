import type { TypedDocumentNode } from '@apollo/client';
import { getIntrospectionQuery, parse, type IntrospectionOptions, type IntrospectionQuery } from 'graphql';
import { apiClient, type Credentials } from '../client/index.js';
import { DatasaurExportError } from '../errors/index.js';
import { ask, type ApiSession } from '../export/api-session.js';
import { schemaTooLarge, sizeLimit } from './size-limit.js';

interface Target {
  graphqlUrl: string;
  tokenUrl: string;
  credentials: Credentials | null;
  allowInsecureHttp?: boolean | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  signal?: AbortSignal | undefined;
}

/** A whole schema is a few megabytes, over any line. */
const requestTimeout = 120_000;

/** A server refuses a query with a field of introspection that is newer than itself; so each asks for less. */
const queries: readonly IntrospectionOptions[] = [
  { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }, // prettier-ignore
  { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true },
  { specifiedByUrl: false, directiveIsRepeatable: false, inputValueDeprecation: true },
  { specifiedByUrl: false, directiveIsRepeatable: false },
];

/** @throws SCHEMA_UNAVAILABLE, SCHEMA_TOO_LARGE and the errors of a query */
export async function introspect(target: Target): Promise<IntrospectionQuery> {
  const session = sessionOf(target);
  for (const [index, options] of queries.entries()) {
    try {
      return await send(session, options, target.signal);
    } catch (error) {
      const known = DatasaurExportError.is(error, 'GRAPHQL_ERROR') && !isSwitchedOff(error);
      if (!known || index === queries.length - 1) throw explained(error, target);
    }
  }
  throw new Error('unreachable');
}

async function send(
  session: ApiSession,
  options: IntrospectionOptions,
  signal: AbortSignal | undefined,
): Promise<IntrospectionQuery> {
  const document = parse(getIntrospectionQuery(options)) as TypedDocumentNode<
    IntrospectionQuery,
    Record<string, never>
  >;
  return ask(session, document, {}, { sideEffects: false, signal });
}

function sessionOf(target: Target): ApiSession {
  const secrets = new Set<string>();
  const answerLimit = { bytes: sizeLimit, tooLarge: () => schemaTooLarge('The answer to the introspection') };
  return {
    client: apiClient({ ...target, requestTimeout, secrets, answerLimit }),
    circumstances: { secrets, graphqlUrl: target.graphqlUrl },
    allowInsecureHttp: target.allowInsecureHttp === true,
  };
}

/** However a server words it; a field that it does not know is one of `__Type` and its like, not `__schema`. */
function isSwitchedOff({ code, message }: DatasaurExportError): boolean {
  if (code !== 'GRAPHQL_ERROR' && code !== 'PERMISSION_DENIED') return false;
  return /introspection/i.test(message) || /\b__schema\b/.test(message);
}

function explained(error: unknown, { credentials, graphqlUrl }: Target): unknown {
  if (!DatasaurExportError.is(error)) return error;
  const { code, message, cause, details } = error;
  const hints: Partial<Record<typeof code, string>> = {
    GRAPHQL_ERROR: 'Where introspection is switched off, give --from a file with the schema.',
    API_INVALID_RESPONSE: `What answers at ${new URL(graphqlUrl).host} is not GraphQL, or wants a login first: check the URL.`,
  };
  const off = isSwitchedOff(error);
  const hint = off ? hints.GRAPHQL_ERROR : hints[code];
  if (hint !== undefined) {
    const why = off ? `Introspection is refused there. ${message}` : message;
    return new DatasaurExportError('SCHEMA_UNAVAILABLE', why, { hint, details, cause: cause as Error });
  }
  const refused = code === 'AUTHENTICATION_FAILED' || code === 'PERMISSION_DENIED';
  if (!refused || credentials !== null) return error;
  return new DatasaurExportError(code, message, {
    hint: 'It was asked without credentials: these go only to the origin of the base URL (--base-url).',
    details,
  });
}
