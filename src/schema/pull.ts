import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '../errors/index.js';
import { generate, type CodeGenerator } from './code-generator.js';
import type { FileChange, SchemaFile } from './fragment-files.js';
import { graphqlFilesIn, shownPath } from './graphql-files.js';
import { localOperations } from './local-project.js';
import type { ProjectFolders } from './project-folders.js';
import { pullPlan } from './pull-plan.js';
import type { LiveSchema } from './sources.js';
import { writeFiles, type FileSystem } from './write-files.js';

/** The files of a project that has its operations, and maybe no schema yet. */
export interface PullProject {
  readonly files: readonly SchemaFile[];
  readonly operations: ReturnType<typeof localOperations>['operations'];
  readonly newFile: string;
}

/** @throws OPERATIONS_INVALID */
export function pullProject({ schema, operations: folder }: ProjectFolders): PullProject {
  const { operations } = localOperations(folder);
  const files = existsSync(schema) ? graphqlFilesIn(schema) : [];
  return {
    files: files.map(({ name, text }) => ({ path: name, text })),
    operations,
    newFile: shownPath(join(schema, 'schema.graphql')),
  };
}

/** What a pull would change. Does no I/O. @throws SCHEMA_INCOMPATIBLE, SCHEMA_INVALID, OPERATIONS_INVALID */
export function planPull(
  { files, operations, newFile }: PullProject,
  live: Pick<LiveSchema, 'name' | 'schema'>,
): FileChange[] {
  return pullPlan(files, operations, live, newFile);
}

/**
 * Writes the files and has the code generated anew. If anything of it fails, all files are as they were, but for what somebody
 * else has changed in the meantime.
 *
 * @throws OUTPUT_UNUSABLE, CODEGEN_FAILED, DISK_ERROR, ABORTED
 */
export async function carryOut(
  changes: readonly FileChange[],
  generator: CodeGenerator | null,
  { signal, fs }: { signal?: AbortSignal | undefined; fs?: FileSystem | undefined } = {},
): Promise<void> {
  const written = writeFiles(changes, fs);
  // Also if the process is ended while the generator runs.
  process.once('exit', written.undo);
  try {
    if (generator !== null) await generate(generator, signal);
    // What was sent while the files were being written is heard in the next turn.
    else await nextTurn();
    throwIfAborted(signal);
    written.keep();
  } catch (error) {
    written.undo();
    throw error;
  } finally {
    process.off('exit', written.undo);
  }
}
