import { existsSync } from 'node:fs';

export interface ProjectFolders {
  schema: string;
  operations: string;
}

/**
 * Where a project's files are: as told, or else in `./schema` and `./operations`; null where nothing was told and these
 * are not there.
 */
export function projectFolders({
  schema,
  operations,
}: {
  schema?: string | undefined;
  operations?: string | undefined;
}): ProjectFolders | null {
  const folders = { schema: schema ?? 'schema', operations: operations ?? 'operations' };
  const told = schema !== undefined || operations !== undefined;
  return told || (existsSync(folders.schema) && existsSync(folders.operations)) ? folders : null;
}
