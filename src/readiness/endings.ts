import { DatasaurExportError, type ErrorCode } from '../errors/index.js';
import { corsHint } from './classify.js';
import { formatDuration } from './duration.js';
import type { Ending, Limits } from './evidence.js';
import type { Tally } from './tally.js';

const askAgain = 'Request the export again for a fresh URL';

/** What each ending is called, what it says, and what to do about it. */
const texts: Readonly<Record<Ending, (limits: Limits) => [code: ErrorCode, message: string, hint: string]>> =
  {
    deadline: ({ timeout }) => [
      'NOT_READY',
      `The file was not there within ${formatDuration(timeout)}`,
      'The export may still be running: allow a longer timeout, or try again later.',
    ],
    expired: () => [
      'URL_EXPIRED',
      'The presigned URL expired before the file was there',
      `${askAgain}; this one will not work any more, however long you wait.`,
    ],
    'delivered-without-file': () => [
      'DELIVERED_WITHOUT_FILE',
      'The server reported the export as delivered, but there is no file behind its URL',
      'Request the export again; if it happens again, tell Datasaur, with the id of the export.',
    ],
    unreadable: () => [
      'CORS_BLOCKED',
      'The browser may not read the answers of the file host (CORS)',
      corsHint,
    ],
    forbidden: ({ forbiddenLimit }) => [
      'URL_REJECTED',
      `The file host refused the URL for ${formatDuration(forbiddenLimit)}, and no delivery status says that the export is under way`,
      `The URL may be wrong, or its signer not allowed to read the file. ${askAgain}.`,
    ],
  };

/** The error of a wait that ends without the file. */
export function errorOf(ending: Ending, limits: Limits, tally: Tally): DatasaurExportError {
  const [code, message, hint] = texts[ending](limits);
  return new DatasaurExportError(code, `${message}; seen: ${tally.toString()}.`, {
    hint,
    details: { attempts: tally.attempts, seen: Object.fromEntries(tally.counts), last: tally.last },
  });
}
