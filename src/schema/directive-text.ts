import {
  isSpecifiedDirective,
  Kind,
  type DefinitionNode,
  type DirectiveDefinitionNode,
  type GraphQLDirective,
  type GraphQLSchema,
} from 'graphql';
import { readDescription } from './description-text.js';
import { noDefault } from './live-default.js';
import { memberText, saysTheSame } from './member-text.js';
import { inputMember, type SchemaMember } from './schema-member.js';
import { locationOf } from './source-place.js';

/** Our definition of a directive; the live one where the operations use it and it says something else. */
export function rewrittenDirective(node: DirectiveDefinitionNode, fragment: GraphQLSchema): string {
  const live = fragment.getDirectives().find(({ name }) => name === node.name.value);
  if (live !== undefined && !isSpecifiedDirective(live) && !unchanged(node, live)) return textOf(live, node);
  const { source, start, end } = locationOf(node);
  return source.body.slice(start, end);
}

/** Those that the operations use and we do not define yet. */
export function newDirectiveTexts(definitions: readonly DefinitionNode[], fragment: GraphQLSchema): string[] {
  const ours = definitions.flatMap((node) =>
    node.kind === Kind.DIRECTIVE_DEFINITION ? [node.name.value] : [],
  );
  return fragment
    .getDirectives()
    .filter((directive) => !isSpecifiedDirective(directive) && !ours.includes(directive.name))
    .map((directive) => textOf(directive, undefined));
}

function unchanged(node: DirectiveDefinitionNode, live: GraphQLDirective): boolean {
  const ours = new Set(node.locations.map(({ value }) => value));
  return (
    saysTheSame(node, asMember(live)) &&
    node.repeatable === live.isRepeatable &&
    ours.size === live.locations.length &&
    live.locations.every((one) => ours.has(one))
  );
}

function textOf(live: GraphQLDirective, ours: DirectiveDefinitionNode | undefined): string {
  const text = memberText(asMember(live), ours);
  return `${text}${live.isRepeatable ? ' repeatable' : ''} on ${live.locations.join(' | ')}`;
}

/** It reads like a field without a type. */
function asMember({ name, description, args }: GraphQLDirective): SchemaMember {
  return {
    name: `directive @${name}`,
    description: readDescription(description),
    type: null,
    named: null,
    args: args.map(inputMember),
    defaultValue: noDefault,
    deprecationReason: null,
  };
}
