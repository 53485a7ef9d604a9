import { ExportTeamOverviewDocument, type ExportTeamOverviewQuery } from '../../generated/documents.js';
import { abortedError, DatasaurExportError, foreignText } from '../errors/index.js';
import { PresignedUrl } from '../readiness/index.js';
import { ask, type ApiSession } from './api-session.js';
import type { ExportHandle } from './export-handle.js';
import { inputOf, type TeamOverviewRequest } from './team-overview-request.js';

/** Starts one export. Each call is another one, also for the same team at the same time. */
export async function requestTeamOverview(
  session: ApiSession,
  request: TeamOverviewRequest,
  signal: AbortSignal | undefined,
): Promise<ExportHandle> {
  const { secrets } = session.circumstances;
  const input = inputOf(request);
  if (request.webhookSecret !== undefined) secrets.add(request.webhookSecret);
  const requestedAt = new Date().toISOString();
  // When a client that is not ours sends cannot be seen; it is taken to do so at once.
  let sent = session.circumstances.graphqlUrl === undefined && signal?.aborted !== true;
  const onSending = (): void => {
    sent = true;
  };
  const answer = await ask(
    session,
    ExportTeamOverviewDocument,
    { input },
    { sideEffects: true, signal, onSending },
  ).catch((error: unknown) => {
    if (!DatasaurExportError.is(error, 'ABORTED')) throw error;
    const hint = sent ? 'An export may have been started.' : 'Nothing was started.';
    throw abortedError('Aborted while the export was being requested.', hint);
  });
  const { exportId, fileUrl, expiresAt } = resultOf(answer, secrets);
  const common = { exportId, teamId: input.teamId, requestedAt };
  const { method = 'FILE_STORAGE' } = request;
  if (method !== 'FILE_STORAGE') return { ...common, expiresAt: null, method, fileUrl: null };
  if (fileUrl === null) throw fileUrlMissing(exportId);
  const url = PresignedUrl.from(fileUrl, session);
  for (const secret of url.secrets) secrets.add(secret);
  return { ...common, expiresAt: url.expiresAt?.toISOString() ?? expiresAt, method, fileUrl: url };
}

interface ExportResult {
  exportId: string;
  fileUrl: string | null;
  expiresAt: string | null;
}

/** The types are the schema's promise; a server may break it. @throws API_INVALID_RESPONSE */
function resultOf({ exportTeamOverview }: ExportTeamOverviewQuery, secrets: Iterable<string>): ExportResult {
  const { exportId, fileUrl, fileUrlExpiredAt }: Record<string, unknown> = exportTeamOverview;
  const id = typeof exportId === 'number' ? String(exportId) : exportId;
  // It is shown and written out, so it must be one line that holds no secret.
  if (typeof id !== 'string' || id === '' || foreignText(id, secrets) !== id) {
    throw new DatasaurExportError('API_INVALID_RESPONSE', 'The API answered without a usable exportId.', {
      hint: 'An export may have been started.',
    });
  }
  const url = typeof fileUrl === 'string' && fileUrl !== '' ? fileUrl : null;
  return { exportId: id, fileUrl: url, expiresAt: isoTime(fileUrlExpiredAt) };
}

/** The format of `fileUrlExpiredAt` is not documented; what is no time is left out. */
function isoTime(value: unknown): string | null {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function fileUrlMissing(exportId: string): DatasaurExportError {
  return new DatasaurExportError(
    'FILE_URL_MISSING',
    'The export was accepted, but without the URL of a file.',
    {
      hint: 'This server may not store exports of this team as files; try the method EMAIL.',
      details: { exportId },
    },
  );
}
