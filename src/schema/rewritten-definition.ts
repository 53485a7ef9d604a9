import type { GraphQLNamedType } from 'graphql';
import { bracesOf, textInBraces } from './braces.js';
import {
  definitionText,
  headIn,
  headOf,
  headText,
  isExtension,
  keywordOf,
  memberNodes,
  type Added,
  type Head,
  type TypeNode,
} from './definition-text.js';
import { descriptionText, readDescription } from './description-text.js';
import { indented, withBody } from './layout.js';
import { memberText, saysTheSame, type MemberNode } from './member-text.js';
import { membersOf } from './schema-member.js';
import { headStart, keywordIn, locationOf } from './source-place.js';
import type { Piece } from './spliced.js';

/**
 * One definition or extension of a type, made to say what the live schema says. What does not change keeps its text.
 *
 * @returns null if nothing is left of it
 */
export function rewrittenDefinition(node: TypeNode, live: GraphQLNamedType, added: Added): string | null {
  if (keywordIn(node) !== keywordOf(live)) return isExtension(node) ? null : withOurDescription(node, live);
  const { source, end } = locationOf(node);
  const wanted = headOf(live, node, added.types);
  const braces = bracesOf<MemberNode>(node, memberNodes(node));
  const members = braces === null ? [] : rewrittenMembers(braces.members, live);
  const addedTexts = membersOf(live)
    .filter(({ name }) => added.members.includes(name))
    .map((member) => memberText(member, undefined));
  const left = members.filter(({ text }) => text !== null).length + addedTexts.length;
  if (isExtension(node) && left === 0 && saysNothing(wanted)) return null;

  const first = headStart(node);
  const headEnd = braces === null ? end : (braces.open.prev?.end ?? braces.open.start);
  const head = sameHead(headIn(node), wanted) ? source.body.slice(first, headEnd) : headText(live, wanted);
  const opening = descriptionOf(node, live) + head;
  if (braces === null) return withBody(opening, addedTexts);
  if (left === 0) return opening;
  return opening + source.body.slice(headEnd, braces.open.end) + textInBraces(braces, members, addedTexts);
}

/** The description with all that stands between it and the keyword; the live one where that says something else. */
function descriptionOf(node: TypeNode, live: GraphQLNamedType): string {
  const ours = isExtension(node) ? undefined : node.description;
  const said = isExtension(node) ? null : readDescription(live.description);
  if (ours?.loc && (said === null || said === readDescription(ours.value))) {
    return ours.loc.source.body.slice(ours.loc.start, headStart(node));
  }
  return said === null ? '' : `${descriptionText(said)}\n`;
}

function withOurDescription(node: TypeNode, live: GraphQLNamedType): string {
  const text = definitionText(live);
  return readDescription(live.description) === null ? descriptionOf(node, live) + text : text;
}

function rewrittenMembers(nodes: readonly MemberNode[], live: GraphQLNamedType): Piece[] {
  const members = new Map(membersOf(live).map((member) => [member.name, member]));
  return nodes.map((node) => {
    const { source, start, end } = locationOf(node);
    const member = members.get(node.name.value);
    if (member === undefined) return { start, end, text: null };
    if (saysTheSame(node, member)) return { start, end, text: source.body.slice(start, end) };
    // The first of its lines stands where the old one stood.
    return { start, end, text: indented(memberText(member, node)).trimStart() };
  });
}

function sameHead(a: Head, b: Head): boolean {
  const same = (one: readonly string[], other: readonly string[]): boolean =>
    one.length === other.length && one.every((text) => other.includes(text));
  return (
    a.name === b.name &&
    same(a.interfaces, b.interfaces) &&
    same(a.directives, b.directives) &&
    same(a.types, b.types)
  );
}

function saysNothing({ interfaces, directives, types }: Head): boolean {
  return interfaces.length + directives.length + types.length === 0;
}
