import { DatasaurExportError } from '../errors/index.js';
import type { Break } from './lane.js';
import { patience } from './retry-budget.js';

/**
 * The error of a download that nobody continues.
 *
 * @param position how many bytes were there at most
 */
export function interrupted(
  size: number,
  position: number,
  broken: Break | null,
  resumable: boolean,
): DatasaurExportError {
  const last = broken?.label ?? 'nothing';
  return new DatasaurExportError(
    'DOWNLOAD_INTERRUPTED',
    `The file host stopped delivering after ${position} of ${size} bytes; ${patience} attempts brought nothing new (last: ${last}).`,
    {
      hint: resumable
        ? 'Run again: what has arrived is kept and continued.'
        : 'Run again. The file host names neither an ETag nor a date, so that nothing could be continued.',
      details: { position, size, last },
    },
  );
}
