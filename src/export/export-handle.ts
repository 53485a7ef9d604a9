import { DatasaurExportError } from '../errors/index.js';
import { PresignedUrl } from '../readiness/index.js';
import type { CustomWebhookRequest, EmailRequest, TeamOverviewRequest } from './team-overview-request.js';

interface HandleBase {
  exportId: string;
  teamId: string;
  /** When the export was asked for; ISO 8601. */
  requestedAt: string;
  /** When `fileUrl` stops working; ISO 8601, null where that is not known. */
  expiresAt: string | null;
}

/** An export whose file can be waited for. Prints, and serialises, without the signature of its URL. */
export interface FileStorageHandle extends HandleBase {
  method: 'FILE_STORAGE';
  fileUrl: PresignedUrl;
}

/** An export whose result is mailed: nothing can be waited for. */
export interface EmailHandle extends HandleBase {
  method: 'EMAIL';
  fileUrl: null;
}

/** An export whose result is sent to a webhook: nothing can be waited for. */
export interface CustomWebhookHandle extends HandleBase {
  method: 'CUSTOM_WEBHOOK';
  fileUrl: null;
}

export type ExportHandle = FileStorageHandle | EmailHandle | CustomWebhookHandle;

/** The handle that a request leads to. */
export type HandleFor<Request extends TeamOverviewRequest> = Request extends EmailRequest
  ? EmailHandle
  : Request extends CustomWebhookRequest
    ? CustomWebhookHandle
    : FileStorageHandle;

/**
 * The handle as JSON for another process, **with** the signature of its URL: treat it as a secret. (Plain
 * `JSON.stringify(handle)` leaves the signature out.)
 */
export function serializeHandle(handle: ExportHandle): string {
  return JSON.stringify({ ...handle, fileUrl: handle.fileUrl?.reveal() ?? null });
}

/**
 * The handle that {@link serializeHandle} wrote.
 *
 * @throws INVALID_ARGUMENT, FILE_URL_REFUSED
 */
export function parseHandle(serialized: string, options: { allowInsecureHttp?: boolean } = {}): ExportHandle {
  const { exportId, teamId, method, fileUrl, requestedAt, expiresAt } = fieldsOf(serialized);
  if (!isText(exportId) || !isText(teamId) || !isText(requestedAt)) throw notAHandle();
  const common = { exportId, teamId, requestedAt, expiresAt: isText(expiresAt) ? expiresAt : null };
  if (method === 'FILE_STORAGE' && isText(fileUrl)) {
    return { ...common, method, fileUrl: PresignedUrl.from(fileUrl, options) };
  }
  if ((method === 'EMAIL' || method === 'CUSTOM_WEBHOOK') && fileUrl === null)
    return { ...common, method, fileUrl };
  throw notAHandle();
}

function fieldsOf(serialized: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(serialized);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // The parser's message would quote the text, and with it a signature.
  }
  throw notAHandle();
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function notAHandle(): DatasaurExportError {
  return new DatasaurExportError('INVALID_ARGUMENT', 'This is not a serialised export handle.', {
    hint: 'It comes from serializeHandle(); JSON.stringify() leaves the signature out on purpose.',
  });
}
