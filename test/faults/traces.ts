import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inspect } from 'node:util';
import type { FaultyHost } from './faulty-host.js';
import type { Failure, Scene } from './row.js';

/** The documented files beside a target. */
export function beside(target: string, what: 'partial' | 'journal' | 'lock'): string {
  return `${target}.datasaur-${what}`;
}

/** The names of the texts that show a secret of `host`. */
export function leaksIn(host: FaultyHost, texts: Record<string, string>): string[] {
  return Object.entries(texts)
    .filter(([, text]) => host.allSecrets.some((secret) => text.includes(secret)))
    .map(([name]) => `a secret in ${name}`);
}

/** Every form in which an error, or a result, may come to be seen. */
export function formsOf(value: unknown): Record<string, string> {
  const forms: Record<string, string> = {
    inspect: inspect(value, { depth: 12, showHidden: true, getters: true }),
    JSON: JSON.stringify(value),
    string: String(value),
  };
  let one = value;
  for (let depth = 0; depth < 6 && typeof one === 'object' && one !== null; depth += 1) {
    const { message, stack, hint, cause } = one as Record<'message' | 'stack' | 'hint' | 'cause', unknown>;
    forms[`cause ${depth}`] = [message, stack, hint].map(String).join('\n');
    one = cause;
  }
  return forms;
}

/** The texts beside the target, as they are at this moment. The partial file is none: it holds the export itself. */
export function textsBeside(target: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const what of ['journal', 'lock'] as const) {
    const path = beside(target, what);
    if (existsSync(path)) texts[what] = readFileSync(path, 'latin1');
  }
  return texts;
}

/**
 * What is there and should not be, and the reverse.
 *
 * @param previous what the target holds if it is not the new file
 */
export function wronglyLeft(
  { root, target }: Pick<Scene, 'root' | 'target'>,
  failure: Failure | null,
  previous: Buffer | null,
): string[] {
  const wrong: string[] = [];
  const names = new Set(readdirSync(root, { recursive: true }).map((name) => join(root, name.toString())));
  const there = names.delete(target);
  if (there !== (failure === null || previous !== null))
    wrong.push(there ? 'there is a target' : 'no target');
  if (failure !== null && previous !== null && there && !readFileSync(target).equals(previous))
    wrong.push('the target was touched');
  const partial = names.delete(beside(target, 'partial'));
  const journal = names.delete(beside(target, 'journal'));
  if (partial && !journal) wrong.push('a partial file without a journal');
  if (journal && !partial) wrong.push('a journal without a partial file');
  if (failure?.leaves === 'kept' && !partial) wrong.push('nothing was kept');
  if ((failure?.leaves ?? 'nothing') === 'nothing' && partial) wrong.push('a partial file is left');
  for (const path of names) {
    if (failure !== null || !target.startsWith(path)) wrong.push(`left: ${relative(root, path)}`);
  }
  return wrong;
}

/** How many timers of this process would keep it from ending. */
export function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
