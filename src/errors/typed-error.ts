import { DatasaurExportError } from './datasaur-export-error.js';
import { foreignText, nameAndMessage, sanitizedCause } from './foreign-text.js';

/** The error as it is if it is one of ours; anything else as UNEXPECTED, with its text cleaned. */
export function typedError(error: unknown): DatasaurExportError {
  if (DatasaurExportError.is(error)) return error;
  const text = foreignText(nameAndMessage(error).message);
  return new DatasaurExportError('UNEXPECTED', `Something unexpected happened: ${text}`, {
    hint: 'This is probably a defect of datasaur-export; please report it.',
    cause: sanitizedCause(error),
  });
}
