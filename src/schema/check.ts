import type { GraphQLSchema } from 'graphql';
import { foreignText } from '../errors/index.js';
import { furtherDifferences, newPossibleTypes } from './beyond-differ.js';
import type { Change, Drift, Severity } from './change.js';
import { differences } from './differ.js';
import type { LocalProject } from './local-project.js';
import { lineOf } from './place.js';
import { pruned } from './prune.js';
import { reachOf, type Reach } from './reach.js';
import { refusals } from './refusals.js';
import { rootNames } from './root-names.js';
import { coordinateOf, elementAt } from './schema-element.js';
import { toldAll, type Told } from './told.js';

const order: readonly Severity[] = ['breaking', 'dangerous', 'safe'];

/**
 * How the live schema differs from ours in what the operations use: what breaks comes first, then by place. Does no I/O.
 *
 * @param told what the live schema says at all
 */
export async function check(
  { schema, operations }: Pick<LocalProject, 'schema' | 'operations'>,
  live: GraphQLSchema,
  told: Told = toldAll,
): Promise<Change[]> {
  const reach = reachOf(schema, [operations]);
  const names = rootNames(schema, live);
  const { toLive, toOurs, asCalled } = names;
  const ours = pruned(schema, reach);
  const fields = new Map([...reach.fields].map(([name, selected]) => [toLive(name), selected]));
  const whole = new Set([...reach.whole].map(toLive));
  const theirs = pruned(live, { ...reach, fields, whole }, toOurs);
  const drifts = [
    ...(await differences(ours, theirs, told)),
    ...furtherDifferences(ours, theirs, told),
    ...newPossibleTypes(ours, live, names),
  ].map((drift) => ({ ...drift, message: asCalled(drift.message) }));
  const changes = drifts.flatMap((drift) => changeOf(drift, schema, reach));
  const unreported = refusals(live, operations, toOurs).filter(
    (refusal) => !changes.some((change) => explains(change, refusal)),
  );
  const all = [...changes, ...unreported].map((change) => ({
    ...change,
    coordinate: asCalled(change.coordinate),
  }));
  return all.sort(
    (one, other) =>
      order.indexOf(one.severity) - order.indexOf(other.severity) ||
      one.at.localeCompare(other.at, 'en', { numeric: true }),
  );
}

/** None where no operation uses it: a type that only has to be there is not our concern. */
function changeOf({ severity, path, message }: Drift, schema: GraphQLSchema, reach: Reach): Change[] {
  const operations = usersOf(path, reach);
  if (operations === undefined) return [];
  return [
    {
      severity,
      operations: [...operations].sort(),
      coordinate: coordinateOf(path),
      message: foreignText(message),
      at: placeInSchema(schema, path),
    },
  ];
}

/** Fields of objects and interfaces have users of their own; whatever else a type has is used with it. */
function usersOf(
  [name = '', member]: readonly string[],
  { usedBy, fields }: Reach,
): ReadonlySet<string> | undefined {
  return usedBy.get(member !== undefined && fields.has(name) ? `${name}.${member}` : name);
}

/** Of what is not there yet, the place where it would be. */
function placeInSchema(schema: GraphQLSchema, path: readonly string[]): string {
  for (let length = path.length; length > 0; length -= 1) {
    const node = elementAt(schema, path.slice(0, length))?.astNode;
    const line = lineOf(node?.name?.loc ?? node?.loc);
    if (line !== null) return line;
  }
  return lineOf(schema.astNode?.loc) ?? '';
}

/**
 * Whether what an operation is refused for is what has been found to have changed: the same, a part of it, or what lacks a
 * part that the refusal names.
 */
function explains({ severity, operations, coordinate }: Change, refusal: Change): boolean {
  if (severity !== 'breaking') return false;
  if (!refusal.operations.every((name) => operations.includes(name))) return false;
  if (isWithin(refusal.coordinate, coordinate)) return true;
  const [part = ''] = /\w+(?=\W*$)/.exec(coordinate) ?? [];
  return isWithin(coordinate, refusal.coordinate) && new RegExp(`\\b${part}\\b`).test(refusal.message);
}

function isWithin(part: string, whole: string): boolean {
  return part === whole || part.startsWith(`${whole}.`) || part.startsWith(`${whole}(`);
}
