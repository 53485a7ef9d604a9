import {
  getNamedType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';

/** What in the schema each of the errors is about, as the path of a drift; none where it cannot be told. */
export function refusedPaths(
  schema: GraphQLSchema,
  operations: DocumentNode,
  errors: readonly GraphQLError[],
): (readonly string[])[] {
  const wanted = new Set(errors.map(subjectOf));
  const paths = new Map<ASTNode | undefined, string[]>();
  const around: string[][] = [];
  const info = new TypeInfo(schema);
  const enter = (node: ASTNode): void => {
    if (hasCoordinate(node)) around.push(pathOf(node, info));
    if (wanted.has(node)) paths.set(node, subjectPath(node, info, around.at(-1) ?? []));
  };
  const leave = (node: ASTNode): void => {
    if (hasCoordinate(node)) around.pop();
  };
  if (errors.length > 0) visit(operations, visitWithTypeInfo(info, { enter, leave }));
  return errors.map((error) => paths.get(subjectOf(error)) ?? []);
}

/** What is said of a variable is about where it is given to something. */
function subjectOf({ nodes }: GraphQLError): ASTNode | undefined {
  const [node, other] = nodes ?? [];
  return node?.kind === Kind.VARIABLE_DEFINITION && other !== undefined ? other : node;
}

type Placed = Extract<ASTNode, { kind: Kind.FIELD | Kind.ARGUMENT | Kind.OBJECT_FIELD | Kind.DIRECTIVE }>;

function hasCoordinate(node: ASTNode): node is Placed {
  const { kind } = node;
  return (
    kind === Kind.FIELD || kind === Kind.ARGUMENT || kind === Kind.OBJECT_FIELD || kind === Kind.DIRECTIVE
  );
}

function pathOf(node: Placed, info: TypeInfo): string[] {
  const name = node.name.value;
  const parent = info.getParentType()?.name ?? '';
  if (node.kind === Kind.DIRECTIVE) return [`@${name}`];
  if (node.kind === Kind.FIELD) return [parent, name];
  if (node.kind === Kind.OBJECT_FIELD) {
    const object = getNamedType(info.getParentInputType());
    return object === undefined ? [name] : [object.name, name];
  }
  const directive = info.getDirective();
  return directive == null ? [parent, info.getFieldDef()?.name ?? '', name] : [`@${directive.name}`, name];
}

function subjectPath(node: ASTNode, info: TypeInfo, around: string[]): string[] {
  // What a field has is the field's; whether a variable fits, what takes it decides; a value is its type's.
  if (hasCoordinate(node) || node.kind === Kind.SELECTION_SET || node.kind === Kind.VARIABLE) return around;
  if (node.kind === Kind.NAMED_TYPE) return [node.name.value];
  const name = (getNamedType(info.getInputType()) ?? info.getParentType())?.name;
  return name === undefined ? around : [name];
}
