import { GetAllTeamsDocument, type GetAllTeamsQuery } from '../../generated/documents.js';
import { apiClient, type Credentials, type QueryingClient } from '../client/index.js';
import { DatasaurExportError } from '../errors/index.js';
import { parseDuration, type DeliveryStatus, type Duration } from '../readiness/index.js';
import { Destination, type VerifiedFile } from '../transfer/index.js';
import { ask, type ApiSession } from './api-session.js';
import { endpointsOf } from './base-url.js';
import { getDeliveryStatus } from './delivery-status.js';
import { downloadExport, type DownloadExportOptions } from './download-export.js';
import type { ExportHandle, FileStorageHandle, HandleFor } from './export-handle.js';
import { requestTeamOverview } from './request-team-overview.js';
import type { FileStorageRequest, TeamOverviewRequest } from './team-overview-request.js';

interface CommonOptions {
  /** Used for the API and for the file. Default: cross-fetch for the API, Node's HTTP client for the file. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Also accept plain `http:` to hosts other than loopback, for the API and the file. Default false. */
  allowInsecureHttp?: boolean | undefined;
}

export interface CredentialOptions extends CommonOptions {
  credentials: Credentials;
  /** Default `https://datasaur.ai`. GraphQL is at `<base>/graphql`, tokens at `<base>/api/oauth/token`. */
  baseUrl?: string | undefined;
  /** How long one request to the API may take. Default `30s`. */
  requestTimeout?: Duration | undefined;
  apolloClient?: never;
}

/** For services that have an `ApolloClient` already: its links authenticate, and its uri is used. */
export interface ApolloClientOption extends CommonOptions {
  apolloClient: QueryingClient;
  credentials?: never;
  baseUrl?: never;
  requestTimeout?: never;
}

export type DatasaurClientOptions = CredentialOptions | ApolloClientOption;

export type Team = GetAllTeamsQuery['getAllTeams'][number];

interface Abortable {
  signal?: AbortSignal | undefined;
}

export interface DatasaurClient {
  /**
   * Requests a Team Overview, waits for it, downloads and verifies it.
   *
   * @throws whatever the stages throw; the target is found to be usable before anything is requested
   */
  downloadTeamOverview(request: FileStorageRequest, options?: DownloadExportOptions): Promise<VerifiedFile>;
  /**
   * Starts an export and returns at once. Never repeated if it may have reached the server.
   *
   * @throws INVALID_ARGUMENT, NO_CREDENTIALS, AUTHENTICATION_FAILED, PERMISSION_DENIED, TOKEN_REQUEST_FAILED, the API_*
   *   errors, GRAPHQL_ERROR, EXPORT_MAY_HAVE_STARTED, FILE_URL_MISSING, FILE_URL_REFUSED, ABORTED
   */
  requestTeamOverview<Request extends TeamOverviewRequest>(
    request: Request,
    options?: Abortable,
  ): Promise<HandleFor<Request>>;
  /**
   * Waits for the file of a handle, also one from another process, downloads and verifies it.
   *
   * @throws whatever `waitUntilReady` and `download` throw
   */
  downloadExport(handle: FileStorageHandle, options?: DownloadExportOptions): Promise<VerifiedFile>;
  /** What the server says became of an export. @throws the API errors, ABORTED */
  getDeliveryStatus(exportId: string, options?: Abortable): Promise<DeliveryStatus>;
  /** The teams of the owner of the credentials. @throws the API errors, ABORTED */
  getAllTeams(options?: Abortable): Promise<readonly Team[]>;
}

/**
 * The client of one Datasaur. Does nothing yet: the first request also fetches the first token.
 *
 * @throws BASE_URL_REFUSED, NO_CREDENTIALS, INVALID_ARGUMENT
 */
export function createDatasaurClient(options: DatasaurClientOptions): DatasaurClient {
  const session = sessionOf(options);
  const fetch = options.fetch;
  const request = async (what: TeamOverviewRequest, signal?: AbortSignal): Promise<ExportHandle> =>
    requestTeamOverview(session, what, signal);
  const finish = async (handle: FileStorageHandle, how: DownloadExportOptions = {}): Promise<VerifiedFile> =>
    downloadExport(session, handle, { ...how, fetch });
  return {
    requestTeamOverview: async <Request extends TeamOverviewRequest>(
      what: Request,
      { signal }: Abortable = {},
    ) => (await request(what, signal)) as HandleFor<Request>,
    downloadExport: finish,
    downloadTeamOverview: async (what, how = {}) => {
      parseDuration(how.timeout ?? '15m', 'timeout');
      return Destination.use(how.to, { overwrite: how.overwrite }, async (to) => {
        how.onProgress?.({ phase: 'requesting' });
        const handle = await request({ ...what, method: 'FILE_STORAGE' }, how.signal);
        how.onProgress?.({ phase: 'requested', handle });
        return finish(handle as FileStorageHandle, { ...how, to });
      });
    },
    getDeliveryStatus: async (exportId, { signal } = {}) => getDeliveryStatus(session, exportId, signal),
    getAllTeams: async ({ signal } = {}) =>
      (await ask(session, GetAllTeamsDocument, {}, { sideEffects: false, signal })).getAllTeams,
  };
}

function sessionOf(options: DatasaurClientOptions): ApiSession {
  const { fetch, allowInsecureHttp = false } = options;
  const secrets = new Set<string>();
  if (options.apolloClient !== undefined) {
    const { apolloClient } = options;
    return {
      client: async () => Promise.resolve(apolloClient),
      circumstances: { secrets },
      allowInsecureHttp,
    };
  }
  const { baseUrl, requestTimeout = '30s' } = options;
  // Whoever writes plain JavaScript can leave them out.
  const credentials = options.credentials as Credentials | undefined;
  if (credentials === undefined) {
    throw new DatasaurExportError('NO_CREDENTIALS', 'Neither credentials nor an ApolloClient was given.');
  }
  const endpoints = endpointsOf(baseUrl, { allowInsecureHttp });
  const timeout = parseDuration(requestTimeout, 'requestTimeout');
  const client = apiClient({ ...endpoints, credentials, fetch, requestTimeout: timeout, secrets });
  return { client, circumstances: { secrets, graphqlUrl: endpoints.graphqlUrl }, allowInsecureHttp };
}
