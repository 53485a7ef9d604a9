import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
  Kind,
  print,
  type GraphQLNamedType,
  type NamedTypeNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import { descriptionText, readDescription } from './description-text.js';
import { described, inOurOrder, lineLimit, withBody } from './layout.js';
import { memberText, ownDirectives, type MemberNode } from './member-text.js';
import { membersOf } from './schema-member.js';

export type TypeNode = TypeDefinitionNode | TypeExtensionNode;

/** A type that we do not have yet. */
export function definitionText(type: GraphQLNamedType): string {
  const members = membersOf(type).map((member) => memberText(member, undefined));
  const description = readDescription(type.description);
  return described(
    description === null ? null : descriptionText(description),
    withBody(headText(type, headOf(type, undefined)), members),
  );
}

/** What stands before the braces: all that a definition says beside its description and its members. */
export interface Head {
  readonly extension: boolean;
  readonly name: string;
  readonly interfaces: readonly string[];
  readonly directives: readonly string[];
  /** Of a union. */
  readonly types: readonly string[];
}

/** What none of our definitions of a type has yet, and one of them gets. */
export interface Added {
  readonly members: readonly string[];
  /** Interfaces, or types of a union. */
  readonly types: readonly string[];
}

/**
 * What the live schema makes of our definition of a type.
 *
 * @param added the names of interfaces and types of a union that it gets
 */
export function headOf(
  type: GraphQLNamedType,
  ours: TypeNode | undefined,
  added: readonly string[] | 'all' = 'all',
): Head {
  const extension = ours !== undefined && isExtension(ours);
  const known = new Set(
    ours === undefined ? [] : [...namesIn(ours, 'interfaces'), ...namesIn(ours, 'types')],
  );
  const belongs = ({ name }: { name: string }): boolean =>
    added === 'all' || known.has(name) || added.includes(name);
  const implemented = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
  const united = isUnionType(type) ? type.getTypes() : [];
  return {
    extension,
    name: type.name,
    interfaces: inOurOrder(implemented.filter(belongs), nodesIn(ours, 'interfaces')).map(({ name }) => name),
    directives: [...ownDirectives(ours), ...(extension ? [] : liveDirectives(type, ours))],
    types: inOurOrder(united.filter(belongs), nodesIn(ours, 'types')).map(({ name }) => name),
  };
}

/** What our definition says now. */
export function headIn(node: TypeNode): Head {
  return {
    extension: isExtension(node),
    name: node.name.value,
    interfaces: namesIn(node, 'interfaces'),
    directives: (node.directives ?? []).map(print),
    types: namesIn(node, 'types'),
  };
}

export function headText(type: GraphQLNamedType, head: Head): string {
  const { extension, name, interfaces, directives, types } = head;
  const implemented = interfaces.length === 0 ? '' : ` implements ${interfaces.join(' & ')}`;
  const start = `${extension ? 'extend ' : ''}${keywordOf(type)} ${name}${implemented}`;
  const line = [start, ...directives].join(' ');
  if (types.length === 0) return line;
  const inOneLine = `${line} = ${types.join(' | ')}`;
  return inOneLine.length <= lineLimit
    ? inOneLine
    : `${line} =${types.map((one) => `\n  | ${one}`).join('')}`;
}

export function isExtension(node: TypeNode): node is TypeExtensionNode {
  return node.kind.endsWith('Extension');
}

export function memberNodes(node: TypeNode): readonly MemberNode[] {
  if ('fields' in node) return node.fields ?? [];
  return 'values' in node ? (node.values ?? []) : [];
}

export function memberNames(node: TypeNode): string[] {
  return memberNodes(node).map(({ name }) => name.value);
}

export function nodesIn(node: TypeNode | undefined, what: 'interfaces' | 'types'): readonly NamedTypeNode[] {
  const lists = (node ?? {}) as { interfaces?: readonly NamedTypeNode[]; types?: readonly NamedTypeNode[] };
  return lists[what] ?? [];
}

export function namesIn(node: TypeNode, what: 'interfaces' | 'types'): string[] {
  return nodesIn(node, what).map(({ name }) => name.value);
}

export function keywordOf(type: GraphQLNamedType): string {
  if (isScalarType(type)) return 'scalar';
  if (isObjectType(type)) return 'type';
  if (isInterfaceType(type)) return 'interface';
  if (isUnionType(type)) return 'union';
  if (isEnumType(type)) return 'enum';
  return 'input';
}

/** An introspection may well not ask for the address of a scalar's specification: ours stays. */
function liveDirectives(type: GraphQLNamedType, ours: TypeNode | undefined): string[] {
  if (isScalarType(type)) {
    const known = ours?.directives?.find(({ name }) => name.value === 'specifiedBy');
    if (type.specifiedByURL == null) return known === undefined ? [] : [print(known)];
    return [`@specifiedBy(url: ${print({ kind: Kind.STRING, value: type.specifiedByURL })})`];
  }
  return isInputObjectType(type) && type.isOneOf ? ['@oneOf'] : [];
}
