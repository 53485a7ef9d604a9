import type { Sandbox } from '../../src/sandbox/index.js';
import { send, type RawResponse } from './raw-request.js';

export const EXPORT = `query ExportTeamOverview($input: ExportTeamOverviewInput!) {
  exportTeamOverview(input: $input) { exportId fileUrl fileUrlExpiredAt }
}`;

export interface Envelope {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: { message: string; extensions?: Record<string, unknown> }[];
  readonly extensions?: unknown;
}

export interface Started {
  readonly exportId: string;
  readonly fileUrl: string | null;
  readonly fileUrlExpiredAt: string | null;
}

export async function post(
  sandbox: Sandbox,
  query: string,
  variables?: unknown,
  headers: Record<string, string> = {},
): Promise<{ response: RawResponse; envelope: Envelope }> {
  const response = await send(`${sandbox.url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${sandbox.accessToken}`,
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  return { response, envelope: JSON.parse(response.text) as Envelope };
}

export async function startExport(sandbox: Sandbox, input: Record<string, string>): Promise<Started> {
  const { envelope } = await post(sandbox, EXPORT, {
    input: { teamId: '121', method: 'FILE_STORAGE', ...input },
  });
  if (!envelope.data) throw new Error(JSON.stringify(envelope.errors));
  return envelope.data['exportTeamOverview'] as Started;
}

export async function statusOf(
  sandbox: Sandbox,
  exportId: string,
): Promise<{ deliveryStatus: string; errors: { id: string; stack: string }[] }> {
  const query = `query ($id: ID!) { getExportDeliveryStatus(exportId: $id) { deliveryStatus errors { id stack } } }`;
  const { envelope } = await post(sandbox, query, { id: exportId });
  return envelope.data!['getExportDeliveryStatus'] as Awaited<ReturnType<typeof statusOf>>;
}

/** Polls until `check` gives something. */
export async function eventually<T>(
  check: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  for (const deadline = Date.now() + 5000; ;) {
    const value = await check();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error('it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
