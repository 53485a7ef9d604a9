import type { ApolloClient } from '@apollo/client';
import { DatasaurExportError, foreignText } from '../errors/index.js';
import type { ApiSession } from '../export/api-session.js';
import { getDeliveryStatus } from '../export/delivery-status.js';
import { requestTeamOverview } from '../export/request-team-overview.js';
import { browserFetch } from '../readiness/browser-fetch.js';
import type { PresignedUrl, RangeFetch, RemoteFile, WaitOptions } from '../readiness/index.js';
import { planOf } from '../readiness/wait-options.js';
import { pollUntilReady } from '../readiness/wait-until-ready.js';
import type { ExportEvent, ReadyFile } from './export-state.js';

/** What is exported, and how the result comes. */
export interface StartRequest {
  /** The number in the web app's address: `/teams/{teamId}/…`. */
  teamId: string;
  /** `FILE_STORAGE` (default): as a file, which is waited for. `EMAIL`: the server mails it to the owner of the credentials. */
  method?: 'FILE_STORAGE' | 'EMAIL' | undefined;
}

export interface JourneyOptions {
  client: Pick<ApolloClient, 'query'>;
  /** How long to wait until the file is there. Default `15m`. */
  timeout?: WaitOptions['timeout'] | undefined;
  /** More than 1: fewer looks at the file host; less: more. Default 1. */
  patience?: number | undefined;
  /** When the file usually comes, counted from the answer to the request; it is looked for more often around that time. */
  expected?: WaitOptions['expected'];
  /** Used to look for the file. Default: the browser's own. */
  fetch?: RangeFetch | undefined;
  /** Also accept a file behind plain `http:` on a host other than loopback. Default false. */
  allowInsecureHttp?: boolean | undefined;
}

/**
 * One export, from the request to the file, told event by event. The file itself is the browser's to download.
 *
 * @throws INVALID_ARGUMENT before anything is sent; what the request and the wait throw
 */
export async function travel(
  { teamId, method = 'FILE_STORAGE' }: StartRequest,
  { client, fetch = browserFetch, ...options }: JourneyOptions,
  { report, signal }: { report: (event: ExportEvent) => void; signal: AbortSignal },
): Promise<void> {
  const { timeout = '15m', patience = 1, expected, allowInsecureHttp = false } = options;
  planOf({ timeout, patience, expected });
  refuseOthers(method);
  const session: ApiSession = {
    client: async () => Promise.resolve(client),
    circumstances: { secrets: new Set() },
    allowInsecureHttp,
  };
  const handle = await requestTeamOverview(session, { teamId, method }, signal);
  const { exportId } = handle;
  if (handle.fileUrl === null) {
    report({ type: 'mailed', exportId });
    return;
  }
  const expiresAt = handle.expiresAt === null ? null : new Date(handle.expiresAt);
  report({ type: 'requested', exportId, expiresAt });
  const remote = await pollUntilReady(fetch, handle.fileUrl, {
    // Only to see whether it is there: the browser fetches the whole when the link is followed.
    firstRange: 1,
    timeout,
    patience,
    expected,
    signal,
    expiresAt: expiresAt ?? undefined,
    onAttempt: (attempt) => {
      report({ type: 'attempted', attempt });
    },
    deliveryStatus: async (inner) => getDeliveryStatus(session, exportId, inner),
  });
  remote.close();
  report({ type: 'arrived', file: fileOf(handle.fileUrl, remote, expiresAt) });
}

/** Whoever writes plain JavaScript can ask for a method that leads to neither a file nor a mail. */
function refuseOthers(method: string): void {
  if (method === 'FILE_STORAGE' || method === 'EMAIL') return;
  throw new DatasaurExportError('INVALID_ARGUMENT', 'method must be FILE_STORAGE or EMAIL.');
}

function fileOf(url: PresignedUrl, { size, etag }: RemoteFile, expiresAt: Date | null): ReadyFile {
  return { url: url.reveal(), fileName: foreignText(url.fileName), size, etag, expiresAt };
}
