import type { GraphQLSchema } from 'graphql';
import type { Credentials } from '../client/index.js';
import { DatasaurExportError } from '../errors/index.js';
import { endpointsOf } from '../export/index.js';
import { refusalOf } from '../readiness/index.js';
import { schemaOfIntrospection } from './build-schema.js';
import { introspect } from './introspect.js';
import { schemaOfFile } from './schema-file.js';
import type { Told } from './told.js';

/** How a schema is had from where it is. */
export interface SourceOptions {
  /** The configured API. */
  baseUrl: string;
  /** Called only where credentials are sent. @throws NO_CREDENTIALS */
  credentials: () => Credentials;
  allowInsecureHttp?: boolean | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  signal?: AbortSignal | undefined;
}

export interface LiveSchema {
  /** Where it came from, as shown to people. */
  name: string;
  schema: GraphQLSchema;
  told: Told;
}

/**
 * The schema that is compared with: of the configured API where `from` is not given, of another GraphQL URL, or from a
 * file with the answer to an introspection or with SDL.
 *
 * @throws SCHEMA_UNAVAILABLE, SCHEMA_INVALID, SCHEMA_TOO_LARGE, INVALID_ARGUMENT, BASE_URL_REFUSED, NO_CREDENTIALS and
 *   the errors of a query
 */
export async function loadSchema(from: string | undefined, options: SourceOptions): Promise<LiveSchema> {
  if (from?.trim() === '') throw refused('it is empty');
  if (namesFile(from)) return schemaOfFile(from);
  const target = targetOf(from, options);
  const name = new URL(target.graphqlUrl).host;
  const answer = await introspect({ ...options, ...target });
  return schemaOfIntrospection(answer, name);
}

/** Whether nobody is asked, so that no URL matters. */
export function namesFile(from: string | undefined): from is string {
  return from !== undefined && !/^[a-z][a-z\d+.-]*:\/\//i.test(from);
}

function targetOf(
  from: string | undefined,
  { baseUrl, credentials, allowInsecureHttp = false }: SourceOptions,
): { graphqlUrl: string; tokenUrl: string; credentials: Credentials | null } {
  const configured = endpointsOf(baseUrl, { allowInsecureHttp });
  if (from === undefined) return { ...configured, credentials: credentials() };
  const url = URL.canParse(from) ? new URL(from) : null;
  const refusal = url === null ? 'not-http' : refusalOf(url, allowInsecureHttp);
  if (url === null || refusal !== null) {
    const why = {
      'not-http': 'it is not an http(s) URL',
      'has-userinfo': 'it holds a user name or password',
      'insecure-http': 'it is plain http to a host that is not this machine; --insecure-http allows that',
    };
    throw refused(why[refusal ?? 'not-http']);
  }
  // Credentials go nowhere but to whom they are for.
  const own = url.origin === new URL(configured.graphqlUrl).origin;
  return { ...configured, graphqlUrl: url.href, credentials: own ? credentials() : null };
}

function refused(why: string): DatasaurExportError {
  return new DatasaurExportError('INVALID_ARGUMENT', `--from is refused: ${why}.`, {
    hint: 'Give a GraphQL URL, or a file.',
  });
}
