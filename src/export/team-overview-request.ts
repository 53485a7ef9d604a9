import type { ExportTeamOverviewInput } from '../../generated/documents.js';
import { DatasaurExportError } from '../errors/index.js';

/** The result is put behind a presigned URL. */
export interface FileStorageRequest {
  /** The number in the web app's address: `/teams/{teamId}/…`. */
  teamId: string;
  method?: 'FILE_STORAGE' | undefined;
  webhookUrl?: never;
  webhookSecret?: never;
}

/** The result is mailed to the owner of the credentials. */
export interface EmailRequest {
  teamId: string;
  method: 'EMAIL';
  webhookUrl?: never;
  webhookSecret?: never;
}

/** The result is PUT to a URL of yours, signed (`X-Datasaur-Signature`) if a secret is given. */
export interface CustomWebhookRequest {
  teamId: string;
  method: 'CUSTOM_WEBHOOK';
  webhookUrl: string;
  webhookSecret?: string | undefined;
}

export type TeamOverviewRequest = FileStorageRequest | EmailRequest | CustomWebhookRequest;

/** The variables of the query. @throws INVALID_ARGUMENT */
export function inputOf(request: TeamOverviewRequest): ExportTeamOverviewInput {
  const { method = 'FILE_STORAGE' } = request;
  const teamId = typeof request.teamId === 'string' ? request.teamId.trim() : '';
  if (teamId === '' || /\p{Cc}/u.test(teamId)) {
    throw invalid(
      'The team id is empty or malformed.',
      "It is the number in the web app's address: /teams/{teamId}/…",
    );
  }
  if (request.method !== 'CUSTOM_WEBHOOK') {
    // Whoever writes plain JavaScript can mix them.
    const { webhookUrl, webhookSecret }: { webhookUrl?: unknown; webhookSecret?: unknown } = request;
    if (webhookUrl !== undefined || webhookSecret !== undefined) {
      throw invalid('A webhook goes only with the method CUSTOM_WEBHOOK.');
    }
    return { teamId, method };
  }
  const { webhookUrl, webhookSecret } = request;
  if (!URL.canParse(webhookUrl) || !/^https?:$/.test(new URL(webhookUrl).protocol)) {
    throw invalid('The webhook URL is not an http(s) URL.');
  }
  return {
    teamId,
    method,
    url: webhookUrl,
    ...(webhookSecret === undefined ? {} : { secret: webhookSecret }),
  };
}

function invalid(message: string, hint = ''): DatasaurExportError {
  return new DatasaurExportError('INVALID_ARGUMENT', message, { hint });
}
