import { GetExportDeliveryStatusDocument } from '../../generated/documents.js';
import { foreignText } from '../errors/index.js';
import type { DeliveryStatus } from '../readiness/index.js';
import { ask, type ApiSession } from './api-session.js';

/** What the server says became of an export; a status that this version does not know is passed on as it is. */
export async function getDeliveryStatus(
  session: ApiSession,
  exportId: string,
  signal: AbortSignal | undefined,
): Promise<DeliveryStatus> {
  const { secrets } = session.circumstances;
  const answer = await ask(
    session,
    GetExportDeliveryStatusDocument,
    { exportId },
    { sideEffects: false, signal },
  );
  const { deliveryStatus, errors }: { deliveryStatus: unknown; errors?: unknown } =
    answer.getExportDeliveryStatus;
  const reasons = (Array.isArray(errors) ? errors : []).map((error: unknown) => {
    const { id, stack } = (error ?? {}) as { id?: unknown; stack?: unknown };
    return { id: textOf(id, secrets), stack: textOf(stack, secrets) };
  });
  return { status: textOf(deliveryStatus, []), errors: reasons };
}

/** A stack says what happened in its first line; the rest is the server's business. */
function textOf(value: unknown, secrets: Iterable<string>): string {
  return typeof value === 'string' ? foreignText(value.split('\n', 1)[0] ?? '', secrets) : '';
}
