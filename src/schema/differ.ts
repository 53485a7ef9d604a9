import { CriticalityLevel, diff, type Change as Difference } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';
import type { Drift, Severity } from './change.js';
import { defaultChange, defaultIn, shortened } from './default-message.js';
import { coordinateOf, elementAt, kindOf } from './schema-element.js';
import type { Told } from './told.js';

const severities: Record<CriticalityLevel, Severity> = {
  [CriticalityLevel.Breaking]: 'breaking',
  [CriticalityLevel.Dangerous]: 'dangerous',
  [CriticalityLevel.NonBreaking]: 'safe',
};

/** What GraphQL Inspector finds, with the exceptions that docs/schema.md gives reasons for. */
export async function differences(ours: GraphQLSchema, live: GraphQLSchema, told: Told): Promise<Drift[]> {
  const found = await diff(ours, live);
  const removed = new Set(
    found.filter(({ type }) => String(type) === 'TYPE_REMOVED').map(({ path }) => path),
  );
  return found.flatMap((difference) => {
    const path = pathOf(difference);
    const type = String(difference.type);
    // What is new is reported once, and a new type where something that we use refers to it.
    const known = /^[A-Z_]*(VALUE|FIELD|ARGUMENT)_ADDED$/.test(type) ? path.slice(0, 1) : path;
    if (elementAt(ours, known) === undefined) return [];
    if (type.includes('DESCRIPTION')) return descriptionDrift(live, path);
    // Inspector words these by whether there is a reason, and the default reason is none to it.
    if (type.includes('DEPRECATION')) return [];
    // That a root type is gone says that it is no root type.
    if (/^SCHEMA_.*_TYPE_CHANGED$/.test(type) && removed.has(path[0])) return [];
    if (/(ARGUMENT|INPUT_FIELD)_REMOVED$/.test(type) && !told.inputDeprecation && isDeprecated(ours, path))
      return [{ severity: 'safe', path, message: hiddenMessage(path) }];
    const message = messageOf(difference, ours, live, path);
    return [{ severity: severityOf(difference), path, message: message.replace(/\.?\s*$/, '.') }];
  });
}

function messageOf(
  { type, message }: Difference,
  ours: GraphQLSchema,
  live: GraphQLSchema,
  path: readonly string[],
): string {
  if (String(type).includes('DEFAULT')) return defaultChange(ours, live, path);
  // Inspector writes values as JavaScript does.
  const withDefault = (): string => ` with default value ${shortened(defaultIn(live, path))} was`;
  if (type === 'INPUT_FIELD_ADDED') return message.replace(/ with default value '[^]*' was/, withDefault);
  return type === 'TYPE_KIND_CHANGED' ? kindMessage(ours, live, path) : message;
}

function isDeprecated(ours: GraphQLSchema, path: readonly string[]): boolean {
  return elementAt(ours, path)?.deprecationReason != null;
}

function hiddenMessage(path: readonly string[]): string {
  return `${coordinateOf(path)} is deprecated here, and the live schema does not show what is: whether it is gone cannot be told.`;
}

/** GraphQL itself calls both dangerous; the differ agrees only for arguments. */
function severityOf({ type, criticality }: Difference): Severity {
  const severity = severities[criticality.level];
  return type === 'INPUT_FIELD_ADDED' && severity === 'safe' ? 'dangerous' : severity;
}

/** The differ knows the kind only of what was read from a text. */
function kindMessage(ours: GraphQLSchema, live: GraphQLSchema, [name = '']: readonly string[]): string {
  const [before, after] = [ours, live].map((schema) => kindOf(schema.getType(name)));
  return `Type '${name}' changed from ${before} to ${after}`;
}

/** Where the live schema says nothing, ours are our own documentation. */
function descriptionDrift(live: GraphQLSchema, path: readonly string[]): Drift[] {
  const description = elementAt(live, path)?.description ?? '';
  if (description.trim() === '') return [];
  return [{ severity: 'safe', path, message: `The description of ${coordinateOf(path)} differs.` }];
}

function pathOf({ path, type, meta }: Difference): string[] {
  if (path !== undefined)
    return type === 'DIRECTIVE_ARGUMENT_ADDED'
      ? [path, String((meta as Record<string, unknown>)['addedDirectiveArgumentName'])]
      : path.split('.').filter((part, index) => index === 0 || part !== '@deprecated');
  // Only the root types have none.
  const old = Object.entries(meta as Record<string, unknown>).find(([name]) => name.startsWith('old'))?.[1];
  return [typeof old === 'string' ? old : String(type)];
}
