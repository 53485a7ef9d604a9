import {
  typedError,
  type DatasaurClient,
  type Destination,
  type ExportHandle,
  type ExportProgress,
  type FileStorageHandle,
  type TeamOverviewRequest,
} from '../index.js';
import type { Outcome } from './output.js';

export interface Run {
  client: DatasaurClient;
  requests: readonly TeamOverviewRequest[];
  /** Null where nothing is downloaded. */
  destination: Destination | null;
  timeout: string;
  signal: AbortSignal;
  onProgress: (teamId: string, progress: ExportProgress) => void;
  onOutcome: (outcome: Outcome) => void;
}

/** Runs all teams together; one that fails stops no other. */
export async function runTeams(run: Run): Promise<Outcome[]> {
  // Names are given in the order of the arguments, not of the answers, so that two teams whose files bear one name get
  // the same names in every run.
  let turn: Promise<unknown> = Promise.resolve();
  const running = run.requests.map(async (request) => {
    const requested = requestOne(run, request);
    const placed = place(run, requested, turn);
    turn = placed.catch(() => undefined);
    return finishOne(run, request, requested, placed);
  });
  return Promise.all(running);
}

async function requestOne(
  { client, signal, onProgress }: Run,
  request: TeamOverviewRequest,
): Promise<ExportHandle> {
  onProgress(request.teamId, { phase: 'requesting' });
  const handle = await client.requestTeamOverview(request, { signal });
  onProgress(request.teamId, { phase: 'requested', handle });
  return handle;
}

async function place(
  run: Run,
  requested: Promise<ExportHandle>,
  turn: Promise<unknown>,
): Promise<string | null> {
  const handle = await requested.finally(async () => turn);
  return handle.fileUrl === null || run.destination === null
    ? null
    : run.destination.place(handle.fileUrl.fileName, handle.teamId);
}

async function finishOne(
  run: Run,
  { teamId }: TeamOverviewRequest,
  requested: Promise<ExportHandle>,
  placed: Promise<string | null>,
): Promise<Outcome> {
  let outcome: Outcome;
  try {
    const [handle, path] = await Promise.all([requested, placed]);
    const file = path === null ? null : await download(run, handle as FileStorageHandle, path);
    outcome = { teamId, handle, file };
  } catch (error) {
    outcome = { teamId, error: typedError(error) };
  }
  run.onOutcome(outcome);
  return outcome;
}

async function download(
  { client, destination, timeout, signal, onProgress }: Run,
  handle: FileStorageHandle,
  path: string,
) {
  return client.downloadExport(handle, {
    to: destination ?? undefined,
    path,
    timeout,
    signal,
    onProgress: (progress) => {
      onProgress(handle.teamId, progress);
    },
  });
}
