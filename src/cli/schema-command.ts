import { join } from 'node:path';
import { defaultBaseUrl, endpointsOf, typedError, type DatasaurExportError } from '../index.js';
import {
  carryOut,
  check,
  codeGeneratorIn,
  jsonDiff,
  jsonLine,
  loadSchema,
  localProject,
  namesFile,
  planPull,
  projectFolders,
  pullProject,
  pullSummary,
  summary,
  textLine,
  unifiedDiff,
  type Change,
  type SourceOptions,
} from '../schema/index.js';
import { credentialsFrom, variable } from './environment.js';
import { exitStatus, statusOf } from './exit-status.js';
import { errorText, wantsColor } from './output.js';
import type { SchemaFlags, SchemaPullFlags } from './program.js';

const { stdout, stderr } = process;

/** Compares the live schema with what the operations use. @returns the exit status */
export async function schemaCheck(flags: SchemaFlags, signal: AbortSignal): Promise<number> {
  try {
    const source = sourceOptions(flags, signal);
    const folders = projectFolders(flags) ?? shipped;
    const project = localProject(folders.schema, folders.operations);
    const live = await loadSchema(flags.from, source);
    const changes = await check(project, live.schema, live.told);
    const line = flags.json === true ? jsonLine : textLine;
    for (const change of changes) stdout.write(`${line(change)}\n`);
    stderr.write(`${summary(changes, live.name)}\n`);
    return statusOfChanges(changes);
  } catch (error) {
    const failure = typedError(error);
    stderr.write(errorText(failure, null, wantsColor(stderr)));
    return statusOf(failure.code);
  }
}

/** Makes our fragment say what the live schema says, and has the code generated anew. @returns the exit status */
export async function schemaPull(flags: SchemaPullFlags, signal: AbortSignal): Promise<number> {
  const json = flags.json === true;
  try {
    const source = sourceOptions(flags, signal);
    const project = pullProject({ schema: 'schema', operations: 'operations', ...flags });
    const generator = flags.dryRun === true ? null : codeGeneratorIn('.');
    const live = await loadSchema(flags.from, source);
    const changes = planPull(project, live);
    if (flags.dryRun !== true) await carryOut(changes, generator, { signal });
    for (const change of changes) stdout.write(json ? `${jsonDiff(change)}\n` : unifiedDiff(change));
    stderr.write(`${pullSummary(changes, live.name, flags.dryRun === true, generator !== null)}\n`);
    return exitStatus.done;
  } catch (error) {
    const failure = typedError(error);
    // Where there is no diff: a program gets what `check` would tell it, people read it before the error.
    for (const change of refusedFor(failure))
      (json ? stdout : stderr).write(`${json ? jsonLine(change) : textLine(change)}\n`);
    stderr.write(errorText(failure, null, wantsColor(stderr)));
    return statusOf(failure.code);
  }
}

function refusedFor({ code, details }: DatasaurExportError): readonly Change[] {
  return code === 'SCHEMA_INCOMPATIBLE' ? (details['changes'] as readonly Change[]) : [];
}

/** Those that this package was made with. */
const shipped = { schema: join(__dirname, '../../schema'), operations: join(__dirname, '../../operations') };

/** What `--from`, the environment and the other flags say of where the live schema is. @throws BASE_URL_REFUSED */
function sourceOptions(flags: SchemaFlags, signal: AbortSignal): SourceOptions {
  const allowInsecureHttp = flags.insecureHttp === true;
  const baseUrl = flags.baseUrl ?? variable(process.env, 'DATASAUR_BASE_URL') ?? defaultBaseUrl;
  if (!namesFile(flags.from)) endpointsOf(baseUrl, { allowInsecureHttp });
  return { baseUrl, allowInsecureHttp, signal, credentials: () => credentialsFrom(process.env) };
}

function statusOfChanges(changes: readonly Change[]): number {
  if (changes.some(({ severity }) => severity === 'breaking')) return exitStatus.breakingChange;
  return changes.some(({ severity }) => severity === 'dangerous')
    ? exitStatus.dangerousChange
    : exitStatus.done;
}
