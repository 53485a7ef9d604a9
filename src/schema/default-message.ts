import type { GraphQLArgument, GraphQLSchema } from 'graphql';
import { liveDefault } from './live-default.js';
import { coordinateOf, elementAt } from './schema-element.js';

/** Of each of two; what is cut has to leave room for the other within one message. */
const limit = 100;

/** Both defaults, as GraphQL writes them. */
export function defaultChange(ours: GraphQLSchema, live: GraphQLSchema, path: readonly string[]): string {
  const [before, after] = distinguishable(defaultIn(ours, path), defaultIn(live, path));
  return `The default of ${coordinateOf(path)} changes from ${before} to ${after}.`;
}

/** The default of an argument or input field. */
export function defaultIn(schema: GraphQLSchema, path: readonly string[]): string {
  const input = elementAt(schema, path) as GraphQLArgument | undefined;
  return (input === undefined ? null : liveDefault(input).text) ?? 'none';
}

export function shortened(text: string): string {
  return text.length > limit ? `${text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}

/** What two long texts have in common at their beginning would hide where they differ. */
function distinguishable(one: string, other: string): [string, string] {
  let common = 0;
  while (common < one.length && one[common] === other[common]) common += 1;
  const start = common > limit / 2 ? common - 20 : 0;
  const shown = (text: string): string =>
    start === 0 ? shortened(text) : `…${shortened(text.slice(start).replace(/^[\uDC00-\uDFFF]/, ''))}`;
  return [shown(one), shown(other)];
}
