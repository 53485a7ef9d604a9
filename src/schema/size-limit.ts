import { DatasaurExportError } from '../errors/index.js';

/** Bytes. A schema of 500 types is one or two megabytes; what is this large is something else. */
export const sizeLimit = 32 * 1024 * 1024;

export function schemaTooLarge(what: string): DatasaurExportError {
  return new DatasaurExportError('SCHEMA_TOO_LARGE', `${what} is larger than 32 MiB.`, {
    hint: 'That is no schema of Datasaur; check what --from or the base URL names.',
  });
}
