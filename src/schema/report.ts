import type { Change } from './change.js';
import { oneLine } from './one-line.js';

/** One line a change, as compilers write: editors and terminals find the place. */
export function textLine({ severity, operations, coordinate, message, at }: Change): string {
  const users = operations.length === 0 ? '' : ` (${operations.join(', ')})`;
  return `${at === '' ? '' : `${oneLine(at)}: `}${severity}: ${coordinate}: ${message}${users}`;
}

/** The line for programs: the contract's fields, in its order. */
export function jsonLine({ severity, operations, coordinate, message, at }: Change): string {
  return JSON.stringify({ severity, operations, coordinate, message, at });
}

/** What people read at the end. */
export function summary(changes: readonly Change[], name: string): string {
  if (changes.length === 0)
    return `Nothing that the operations use differs in the schema of ${oneLine(name)}.`;
  const counts = (['breaking', 'dangerous', 'safe'] as const).map(
    (severity) => `${changes.filter((change) => change.severity === severity).length} ${severity}`,
  );
  return `The schema of ${oneLine(name)} differs in what the operations use: ${counts.join(', ')}.`;
}
