import {
  DEFAULT_DEPRECATION_REASON,
  getDirectiveValues,
  GraphQLDeprecatedDirective,
  Kind,
  print,
  type ConstDirectiveNode,
  type DirectiveDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
} from 'graphql';
import { descriptionText, readDescription } from './description-text.js';
import { described, indented, inOurOrder, lineLimit } from './layout.js';
import type { SchemaMember } from './schema-member.js';

export type MemberNode =
  FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode | DirectiveDefinitionNode;

/** Whether the text that we have already says what the live schema says. The order of arguments says nothing. */
export function saysTheSame(node: MemberNode, live: SchemaMember): boolean {
  const args = argumentsOf(node);
  return (
    (live.description === null || live.description === readDescription(node.description?.value)) &&
    live.deprecationReason === deprecationOf(node) &&
    ('type' in node ? print(node.type) : null) === live.type &&
    live.defaultValue.isSaidBy('defaultValue' in node ? node.defaultValue : undefined) &&
    args.length === live.args.length &&
    live.args.every((arg) => {
      const ours = args.find(({ name }) => name.value === arg.name);
      return ours !== undefined && saysTheSame(ours, arg);
    })
  );
}

/** @param ours what we have of it, if we have it: its description, its order and its directives stay. */
export function memberText(live: SchemaMember, ours: MemberNode | undefined): string {
  const { name, type, defaultValue } = live;
  const value = defaultValue.text === null ? '' : ` = ${defaultValue.text}`;
  const says = deprecatedText(live.deprecationReason);
  const directives = [...ownDirectives(ours), ...says].map((text) => ` ${text}`).join('');
  const signature = (args: string): string =>
    `${name}${args}${type === null ? '' : `: ${type}`}${value}${directives}`;
  return described(descriptionFor(live.description, ours), argumentsText(live, ours, signature));
}

function argumentsText(
  live: SchemaMember,
  ours: MemberNode | undefined,
  signature: (args: string) => string,
): string {
  if (live.args.length === 0) return signature('');
  const nodes = ours === undefined ? [] : argumentsOf(ours);
  const args = inOurOrder(live.args, nodes).map((arg) =>
    memberText(
      arg,
      nodes.find(({ name }) => name.value === arg.name),
    ),
  );
  const block = args.some((arg) => arg.startsWith('"""'));
  const inOneLine = signature(`(${args.map((arg) => arg.replace('\n', ' ')).join(', ')})`);
  if (!block && inOneLine.length <= lineLimit - 2) return inOneLine;
  return signature(`(\n${args.map(indented).join('\n')}\n)`);
}

/** The source of a description that still says the same, else the live one; null if neither says anything. */
export function descriptionFor(
  live: string | null,
  ours: Pick<MemberNode, 'description'> | undefined,
): string | null {
  const node = ours?.description;
  if (node?.loc && (live === null || live === readDescription(node.value))) {
    const { source, start, end, startToken } = node.loc;
    // Its lines are indented, and will be again.
    const indentation = new RegExp(`^[ \\t]{0,${startToken.column - 1}}`);
    const [first = '', ...rest] = source.body.slice(start, end).split('\n');
    return [first, ...rest.map((line) => line.replace(indentation, ''))].join('\n');
  }
  return live === null ? null : descriptionText(live);
}

/** What live schemas know of is theirs to say; every other directive is our own. */
export function ownDirectives(
  node: { directives?: readonly ConstDirectiveNode[] | undefined } = {},
): string[] {
  const nodes = node.directives ?? [];
  return nodes.filter(({ name }) => !['deprecated', 'specifiedBy', 'oneOf'].includes(name.value)).map(print);
}

function deprecatedText(reason: string | null): string[] {
  if (reason === null) return [];
  if (reason === DEFAULT_DEPRECATION_REASON) return ['@deprecated'];
  return [`@deprecated(reason: ${print({ kind: Kind.STRING, value: reason })})`];
}

function deprecationOf(node: MemberNode): string | null {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return null;
  const values = getDirectiveValues(GraphQLDeprecatedDirective, node);
  return typeof values?.['reason'] === 'string' ? values['reason'] : null;
}

function argumentsOf(node: MemberNode): readonly InputValueDefinitionNode[] {
  return 'arguments' in node ? (node.arguments ?? []) : [];
}
