import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { FileChange } from './fragment-files.js';

/** As `git diff` writes it, for `git apply` and `patch -p1`. */
export function unifiedDiff({ path, before, after }: FileChange): string {
  const patch = structuredPatch(
    before === null ? '/dev/null' : `a/${path}`,
    after === null ? '/dev/null' : `b/${path}`,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: 3 },
  );
  return formatPatch(patch, FILE_HEADERS_ONLY);
}

/** The line for programs. */
export function jsonDiff(change: FileChange): string {
  const what = change.before === null ? 'added' : change.after === null ? 'removed' : 'changed';
  return JSON.stringify({ path: change.path, change: what, diff: unifiedDiff(change) });
}

/** What people read at the end. */
export function pullSummary(
  changes: readonly FileChange[],
  name: string,
  dryRun: boolean,
  generated: boolean,
): string {
  const again = generated ? ' graphql-codegen has run.' : '';
  if (changes.length === 0) return `Nothing to pull: our fragment is that of the schema of ${name}.${again}`;
  const files = `${changes.length} ${changes.length === 1 ? 'file' : 'files'}`;
  if (dryRun) return `A pull from ${name} would change ${files}.`;
  const advice = ' graphql-codegen is not set up here: generate anew what is generated.';
  return `Pulled from ${name}: ${files} changed.${generated ? again : advice}`;
}
