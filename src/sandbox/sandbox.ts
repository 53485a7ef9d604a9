import { AccessTokens } from './access-tokens.js';
import type { Mail, SandboxExport } from './export-job.js';
import { ExportQueue } from './export-queue.js';
import { graphqlEndpoint } from './graphql-endpoint.js';
import { oauthEndpoint } from './oauth-endpoint.js';
import { ObjectStore, type PresignOptions, type SandboxStorage } from './object-store.js';
import { resolveOptions, type SandboxOptions } from './options.js';
import { RequestLog, type RecordedRequest } from './request-log.js';
import { resolvers } from './resolvers.js';
import { loadSchema } from './schema-files.js';
import { listen } from './server.js';
import type { WebhookDelivery } from './webhook.js';

/** A running sandbox. */
export interface Sandbox {
  /** Base URL, e.g. `http://127.0.0.1:40123`: GraphQL is at `/graphql`, tokens at `/api/oauth/token`. */
  readonly url: string;
  /** The variables that make `datasaur-export` talk to it: base URL, client id and client secret. */
  readonly environment: Readonly<
    Record<'DATASAUR_BASE_URL' | 'DATASAUR_CLIENT_ID' | 'DATASAUR_CLIENT_SECRET', string>
  >;
  /** The first of the access tokens that never expire. */
  readonly accessToken: string;
  /** Address and credentials of the object store, for an S3 client of your own. */
  readonly storage: SandboxStorage;
  /** Every export started so far, oldest first, with its status as it is now. */
  readonly exports: readonly SandboxExport[];
  /** Every mail sent so far. */
  readonly outbox: readonly Mail[];
  /** Every webhook sent so far, once it was answered or failed. */
  readonly deliveries: readonly WebhookDelivery[];
  /** Every HTTP request so far, in order of arrival, credentials included. */
  readonly requests: readonly RecordedRequest[];
  /** The bytes that an export delivers, also before they are there. @throws Error for an unknown export. */
  archiveOf(exportId: string): Promise<Buffer>;
  /** Puts `bytes` under `key` (`export/…/name.zip`), in place of what is there; they are not copied. */
  putObject(key: string, bytes: Uint8Array): void;
  /** A presigned GET URL for `key`, whether or not there is such an object. */
  presign(key: string, options?: PresignOptions): string;
  /** Ends its timers, connections and webhooks; nothing keeps the process alive afterwards. Safe to call twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a local Datasaur on a loopback port: GraphQL, OAuth, an object store with presigned URLs, a mail
 * outbox and a webhook sender.
 *
 * @throws RangeError for an option out of range, and the system's error (`EADDRINUSE`) when the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = resolveOptions(options);
  const { teams, clientId, clientSecret, accessTokens, unauthorizedStatus } = settings;
  const schema = loadSchema();
  const log = new RequestLog();
  const server = await listen(settings, log);
  const store = new ObjectStore(server.url, settings);
  const queue = new ExportQueue(settings, store);
  const tokens = new AccessTokens(accessTokens, settings.tokenLifetime);
  server.serve({
    graphql: graphqlEndpoint({ schema, rootValue: resolvers(teams, queue), tokens, unauthorizedStatus }),
    token: oauthEndpoint({ clientId, clientSecret }, tokens),
    object: async (request) => Promise.resolve(store.handle(request)),
  });
  const close = async () => {
    await Promise.all([queue.close(), server.close()]);
  };
  return {
    url: server.url,
    environment: {
      DATASAUR_BASE_URL: server.url,
      DATASAUR_CLIENT_ID: clientId,
      DATASAUR_CLIENT_SECRET: clientSecret,
    },
    accessToken: accessTokens[0],
    storage: store.storage,
    get exports() {
      return queue.exports;
    },
    outbox: queue.outbox,
    deliveries: queue.deliveries,
    requests: log.entries,
    archiveOf: async (exportId) => queue.archiveOf(exportId),
    putObject: (key, bytes) => {
      store.put(key, bytes);
    },
    presign: (key, presignOptions) => store.presign(key, presignOptions),
    close,
    [Symbol.asyncDispose]: close,
  };
}
