import { GetExportDeliveryStatusDocument } from '../../generated/documents.js';
import { runQuery } from '../client/index.js';
import { foreignText } from '../errors/index.js';
import { abortable } from '../readiness/abortable.js';
import type { DeliveryStatus } from '../readiness/index.js';
import type { ApiSession } from './request-team-overview.js';

/** What the server says became of an export; a status that this version does not know is passed on as it is. */
export async function getDeliveryStatus(
  { client, circumstances }: ApiSession,
  exportId: string,
  signal: AbortSignal | undefined,
): Promise<DeliveryStatus> {
  const answer = await abortable(signal, async (inner) =>
    runQuery(
      client,
      GetExportDeliveryStatusDocument,
      { exportId },
      { ...circumstances, sideEffects: false, signal: inner },
    ),
  );
  const { deliveryStatus, errors }: { deliveryStatus: unknown; errors?: unknown } =
    answer.getExportDeliveryStatus;
  const reasons = (Array.isArray(errors) ? errors : []).map((error: unknown) => {
    const { id, stack } = (error ?? {}) as { id?: unknown; stack?: unknown };
    return { id: textOf(id, circumstances.secrets), stack: textOf(stack, circumstances.secrets) };
  });
  return { status: textOf(deliveryStatus, []), errors: reasons };
}

/** A stack says what happened in its first line; the rest is the server's business. */
function textOf(value: unknown, secrets: Iterable<string>): string {
  return typeof value === 'string' ? foreignText(value.split('\n', 1)[0] ?? '', secrets) : '';
}
