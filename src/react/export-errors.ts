import { abortedError, DatasaurExportError, sanitizedCause } from '../errors/index.js';

/** @param sent whether the request may have left the page */
export function cancellation(status: 'requesting' | 'waiting', sent: boolean): DatasaurExportError {
  if (status === 'waiting')
    return abortedError('The wait was cancelled.', 'The export itself goes on at the server.');
  return abortedError(
    'Cancelled while the export was being requested.',
    sent ? 'An export may have been started.' : 'Nothing was started.',
  );
}

export function startedInRender(): DatasaurExportError {
  return new DatasaurExportError('INVALID_ARGUMENT', 'start() was called while rendering.', {
    hint: 'Call it when something happens (a click), or in an effect.',
  });
}

/** A network that fails, or a page older than what is on the server now. */
export function notLoaded(error: unknown): never {
  throw new DatasaurExportError(
    'UNEXPECTED',
    'The part of the page that makes exports could not be loaded.',
    {
      hint: 'Nothing was started. Check the network, and load the page again.',
      cause: sanitizedCause(error),
    },
  );
}
