import { DatasaurExportError, foreignText } from '../errors/index.js';
import { timedOut, within, withTimeout } from './abortable.js';
import { lineUp } from './attempt-slots.js';
import type { Clock } from './clock.js';
import { nextStatusDelay } from './schedule.js';

/** What the server says became of the export; `status` may be a value that this version does not know. */
export interface DeliveryStatus {
  status: 'DELIVERED' | 'FAILED' | 'IN_PROGRESS' | 'NONE' | 'QUEUED' | (string & {});
  errors: readonly DeliveryError[];
}

interface DeliveryError {
  id: string;
  stack: string;
}

/** Asks for the delivery status; may fail or hang, which is never a reason to give the file up. */
export type DeliveryStatusSource = (signal: AbortSignal) => Promise<DeliveryStatus>;

const attemptTimeout = 4000;
/** A first attempt that takes longer than this is silence, and no reason not to ask. */
const silence = 1000;
/** Who is not let in for so long asks all the same; milliseconds. */
const longestTurn = 60_000;

interface Watch {
  clock: Clock;
  signal: AbortSignal;
  /** Resolves when the first attempt did not find the file: a file that is there needs no status. */
  firstMiss: Promise<void>;
  /** Called after each look: with the status, or null where the look failed. */
  onLook: (status: string | null) => void;
}

/**
 * Looks at the delivery status until it is final: resolves with DELIVERED, rejects with EXPORT_FAILED; ends when `signal`
 * fires.
 */
export async function watchDelivery(
  source: DeliveryStatusSource,
  { clock, signal, firstMiss, onLook }: Watch,
): Promise<void> {
  await Promise.race([firstMiss, clock.delay(silence, signal)]);
  const start = clock.now();
  while (!signal.aborted) {
    const found = await look(source, clock, signal);
    const status = found === timedOut ? null : found.status;
    if (found !== timedOut && status === 'FAILED') throw exportFailed(found);
    onLook(status);
    if (status === 'DELIVERED') return;
    await clock.delay(nextStatusDelay(clock.now() - start), signal);
  }
}

/** One look, in its turn: those of a thousand waits would be a burst upon the API. */
async function look(
  source: DeliveryStatusSource,
  clock: Clock,
  signal: AbortSignal,
): Promise<DeliveryStatus | typeof timedOut> {
  const ticket = lineUp('delivery status');
  try {
    await within(clock, longestTurn, signal, ticket.granted);
    const found = await withTimeout(clock, attemptTimeout, signal, source);
    // Whoever writes plain JavaScript can resolve with anything.
    return found === timedOut || isStatus(found) ? found : timedOut;
  } catch {
    return timedOut;
  } finally {
    ticket.leave();
  }
}

function isStatus(value: unknown): value is DeliveryStatus {
  return typeof value === 'object' && value !== null && 'status' in value && typeof value.status === 'string';
}

function exportFailed({ errors }: DeliveryStatus): DatasaurExportError {
  const texts = (Array.isArray(errors) ? (errors as Partial<DeliveryError>[]) : [])
    .map(({ id = '', stack = '' }) => [id, stack.split('\n', 1)[0]].filter((part) => part !== '').join(': '))
    .filter((text) => text !== '')
    .map((text) => foreignText(text));
  const said = texts.length === 0 ? 'it gave no reason' : texts.join('; ').replace(/\.$/, '');
  return new DatasaurExportError('EXPORT_FAILED', `The server reported that the export failed: ${said}.`, {
    hint: 'This is final for this export. Request it again; if it fails again, give the ids to Datasaur.',
    details: { errors: texts },
  });
}
