import type { DatasaurExportError } from '../errors/index.js';
import type { Attempt } from '../readiness/index.js';
import { cancellation } from './export-errors.js';

/** A file that is there. */
export interface ReadyFile {
  /** The presigned URL, for a link. Whoever has it can read the file until it expires: do not log it. */
  url: string;
  /** The last part of the URL's path, such as `Team Overview - Team Alvin.zip`; possibly empty. */
  fileName: string;
  /** Bytes. */
  size: number;
  /** As the server sent it, with quotes; null where it sent none, or does not let a page read it. */
  etag: string | null;
  expiresAt: Date | null;
}

interface UnderWay {
  /** As it was given to `start`. */
  teamId: string;
  /** Milliseconds from `start` until now, or until the end; told once a second and whenever anything else changes. */
  elapsed: number;
  /** What was seen so far, oldest first; of more than 1000 the latest. Their `elapsed` counts from the answer on. */
  attempts: readonly Attempt[];
  /** Null until the export was answered. */
  exportId: string | null;
  /** When the URL of the file stops working, where that is known. */
  expiresAt: Date | null;
  /** Bytes of the file, once it is there. */
  size: number | null;
  file: null;
  error: null;
}

export type TeamOverviewExportState =
  | (Omit<UnderWay, 'teamId'> & { status: 'idle'; teamId: null; exportId: null; expiresAt: null; size: null })
  /** The server has not answered yet. */
  | (UnderWay & { status: 'requesting'; exportId: null; size: null })
  /** The server is making the file, which is looked for. */
  | (UnderWay & { status: 'waiting'; exportId: string; size: null })
  | (Omit<UnderWay, 'file'> & { status: 'ready'; exportId: string; size: number; file: ReadyFile })
  /** The server mails the result: there is nothing to wait for. */
  | (UnderWay & { status: 'mailed'; exportId: string; size: null })
  | (Omit<UnderWay, 'error'> & { status: 'failed'; size: null; error: DatasaurExportError });

/** What happens to an export. */
export type ExportEvent =
  | { type: 'started'; teamId: string }
  | { type: 'ticked' }
  | { type: 'requested'; exportId: string; expiresAt: Date | null }
  | { type: 'mailed'; exportId: string }
  | { type: 'attempted'; attempt: Attempt }
  | { type: 'arrived'; file: ReadyFile }
  | { type: 'failed'; error: DatasaurExportError }
  /** @param sent whether the request may have left the page */
  | { type: 'cancelled'; sent: boolean }
  | { type: 'reset' };

/** Fifteen minutes are some 130 attempts; only unusual options lead to more than this. */
const mostAttempts = 1000;

type StateWith<Status> = Extract<TeamOverviewExportState, { status: Status }>;

export const idle: StateWith<'idle'> = {
  status: 'idle',
  teamId: null,
  elapsed: 0,
  attempts: [],
  exportId: null,
  expiresAt: null,
  size: null,
  file: null,
  error: null,
};

export function isUnderWay(state: TeamOverviewExportState): state is StateWith<'requesting' | 'waiting'> {
  return state.status === 'requesting' || state.status === 'waiting';
}

/**
 * The state after `event`. Pure. What does not fit the state (a second start, an attempt of an export that was cancelled)
 * changes nothing: the very same state is returned.
 *
 * @param elapsed milliseconds since the start
 */
export function nextState(
  state: TeamOverviewExportState,
  event: ExportEvent,
  elapsed: number,
): TeamOverviewExportState {
  switch (event.type) {
    case 'reset':
      return idle;
    case 'started':
      return isUnderWay(state) ? state : { ...idle, status: 'requesting', teamId: event.teamId };
    case 'ticked':
      return isUnderWay(state) ? { ...state, elapsed } : state;
    case 'requested': {
      const { exportId, expiresAt } = event;
      return state.status === 'requesting'
        ? { ...state, status: 'waiting', exportId, expiresAt, elapsed }
        : state;
    }
    case 'mailed':
      return state.status === 'requesting'
        ? { ...state, status: 'mailed', exportId: event.exportId, elapsed }
        : state;
    case 'attempted': {
      if (state.status !== 'waiting') return state;
      const attempts = [...state.attempts, event.attempt].slice(-mostAttempts);
      return { ...state, attempts, elapsed };
    }
    case 'arrived': {
      const { file } = event;
      return state.status === 'waiting'
        ? { ...state, status: 'ready', file, size: file.size, elapsed }
        : state;
    }
    case 'failed':
      return isUnderWay(state) ? { ...state, status: 'failed', error: event.error, elapsed } : state;
    case 'cancelled':
      return isUnderWay(state)
        ? { ...state, status: 'failed', error: cancellation(state.status, event.sent), elapsed }
        : state;
  }
}
