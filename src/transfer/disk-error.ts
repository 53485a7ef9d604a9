import { DatasaurExportError, sanitizedCause, systemCode } from '../errors/index.js';

/** A typed error for one of the file system; errors that are none of its, and ours, pass as they are. */
export function diskError(error: unknown, doing: string): unknown {
  if (DatasaurExportError.is(error)) return error;
  const code = systemCode(error);
  if (code === null) return error;
  const cause = sanitizedCause(error);
  const said = `${doing} failed (${code})`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new DatasaurExportError('DISK_FULL', `${said}: no space is left for the file.`, {
        hint: 'Free some space, or choose another place with --output; what was downloaded is kept for the next run.',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ERR_FS_EISDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new DatasaurExportError('OUTPUT_UNUSABLE', `${said}: the target cannot be written to.`, {
        hint: 'Check that the folder exists and that you may write to it, or choose another with --output.',
        cause,
      });
    default:
      return new DatasaurExportError('DISK_ERROR', `${said}.`, {
        hint: 'The disk may be faulty or gone.',
        cause,
      });
  }
}

/** Runs a step on the file system and gives its errors a type. */
export async function onDisk<T>(doing: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw diskError(error, doing);
  }
}

/** Whether an error of the file system only says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return systemCode(error) === 'ENOENT';
}
