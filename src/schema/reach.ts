import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isUnionType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What of a schema a set of operations uses. Names only, so that it can be looked up in another schema too. */
export interface Reach {
  /** By type: the fields that are selected of an object or interface. Each is reached with all its arguments. */
  fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** Input types, enums and scalars: these are reached whole. */
  whole: ReadonlySet<string>;
  /** Directives that the operations bear. */
  directives: ReadonlySet<string>;
  /** By coordinate (`Type` or `Type.field`): the names of the operations that use it. */
  usedBy: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The name of an operation, also of one that has none. */
export function operationName({ name, operation }: OperationDefinitionNode): string {
  return name?.value ?? `(an unnamed ${operation})`;
}

/**
 * @param operations valid against `schema`; fragments may be in other documents than the operations. What `schema` does
 *   not have is left out.
 */
export function reachOf(schema: GraphQLSchema, operations: readonly DocumentNode[]): Reach {
  const definitions = operations.flatMap((document) => document.definitions);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const found: Found = { fields: new Map(), whole: new Set(), directives: new Set(), usedBy: new Map() };
  const walks: Walk[] = [];
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const walk = new Walk(schema, fragments, found, operationName(definition));
    walk.operation(definition);
    walks.push(walk);
  }
  for (const walk of walks) walk.complete();
  return found;
}

interface Found {
  fields: Map<string, Set<string>>;
  whole: Set<string>;
  directives: Set<string>;
  usedBy: Map<string, Set<string>>;
}

/** One operation's way through the schema. */
class Walk {
  /** What was selected on each type, so that nothing is walked twice and fragments may not circle. */
  readonly #walked = new Map<SelectionSetNode, Set<string>>();
  /** The types of this operation; the fields that it selects of an interface, it selects of those that implement it. */
  readonly #composites = new Set<GraphQLCompositeType>();
  readonly #onAbstract: { type: GraphQLCompositeType; selections: SelectionSetNode }[] = [];

  constructor(
    readonly schema: GraphQLSchema,
    readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    readonly found: Found,
    readonly name: string,
  ) {}

  operation({
    operation,
    variableDefinitions = [],
    directives,
    selectionSet,
  }: OperationDefinitionNode): void {
    this.#directives(directives);
    for (const { type, directives: own } of variableDefinitions) {
      let inner = type;
      while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
      this.#input(this.schema.getType(inner.name.value));
      this.#directives(own);
    }
    const root = this.schema.getRootType(operation);
    if (root == null) return;
    this.#selections(root, selectionSet);
    // A type that is reached late has what was selected early of its interfaces.
    for (let before = -1; before !== this.#composites.size;) {
      before = this.#composites.size;
      for (const { type, selections } of [...this.#onAbstract])
        for (const other of [...this.#composites])
          if (isAbstractType(type) && !isUnionType(other) && this.schema.isSubType(type, other))
            this.#selections(other, selections);
    }
  }

  #selections(parent: GraphQLCompositeType, selectionSet: SelectionSetNode): void {
    this.#composite(parent);
    const walkedOn = this.#walked.get(selectionSet) ?? new Set();
    this.#walked.set(selectionSet, walkedOn);
    if (walkedOn.has(parent.name)) return;
    walkedOn.add(parent.name);
    if (isAbstractType(parent)) this.#onAbstract.push({ type: parent, selections: selectionSet });
    for (const selection of selectionSet.selections) {
      this.#directives(selection.directives);
      if (selection.kind === Kind.FIELD) {
        const field = isUnionType(parent) ? undefined : parent.getFields()[selection.name.value];
        if (field !== undefined) this.#field(parent, field, selection.selectionSet);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection;
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value;
      const on = condition === undefined ? parent : this.schema.getType(condition);
      this.#directives(fragment.directives);
      if (isCompositeType(on) && this.#overlap(parent, on)) this.#selections(on, fragment.selectionSet);
    }
  }

  /** Whether anything can be of both types; walking an interface's selections on one of its objects skips the others. */
  #overlap(one: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
    const possible = (type: GraphQLCompositeType): readonly GraphQLNamedType[] =>
      isAbstractType(type) ? [type, ...this.schema.getPossibleTypes(type)] : [type];
    const types = new Set(possible(one));
    return possible(other).some((type) => types.has(type));
  }

  #field(
    parent: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown>,
    selectionSet?: SelectionSetNode,
  ): void {
    this.found.fields.get(parent.name)?.add(field.name);
    this.#used(`${parent.name}.${field.name}`);
    for (const { type } of field.args) this.#input(getNamedType(type));
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) this.#input(type);
    else if (selectionSet === undefined) this.#composite(type);
    else this.#selections(type, selectionSet);
  }

  /**
   * A value of an abstract type may be of any of its possible types, selected or not, and generated types are right only
   * if they know them all.
   */
  #composite(type: GraphQLCompositeType): void {
    if (this.#composites.has(type)) return;
    this.#composites.add(type);
    this.#used(type.name);
    if (!this.found.fields.has(type.name)) this.found.fields.set(type.name, new Set());
    if (isAbstractType(type)) for (const one of this.schema.getPossibleTypes(type)) this.#composite(one);
  }

  /** A type needs a field: one of which nothing is selected keeps one that brings no other composite type, if it can. */
  complete(): void {
    for (const type of this.#composites) {
      if (isUnionType(type) || this.found.fields.get(type.name)?.size !== 0) continue;
      const fields = Object.values(type.getFields());
      const plain = fields.filter((field) => isLeafType(getNamedType(field.type)) && field.args.length === 0);
      const kept = plain.find(({ name }) => name === 'id') ?? plain[0] ?? fields[0];
      if (kept === undefined) continue;
      this.#field(type, kept);
      if (!isInterfaceType(type)) continue;
      for (const other of this.#composites) {
        const same = isUnionType(other) ? undefined : other.getFields()[kept.name];
        if (same !== undefined && this.schema.isSubType(type, other as never)) this.#field(other, same);
      }
    }
  }

  #input(type: GraphQLNamedType | undefined): void {
    if (type === undefined || isCompositeType(type)) return;
    const before = this.found.usedBy.get(type.name)?.has(this.name) === true;
    this.#used(type.name);
    this.found.whole.add(type.name);
    if (before || !isInputObjectType(type)) return;
    for (const field of Object.values(type.getFields())) this.#input(getNamedType(field.type));
  }

  #directives(directives: readonly { name: { value: string } }[] | undefined): void {
    for (const { name } of directives ?? []) {
      this.found.directives.add(name.value);
      for (const { type } of this.schema.getDirective(name.value)?.args ?? [])
        this.#input(getNamedType(type));
    }
  }

  #used(coordinate: string): void {
    const users = this.found.usedBy.get(coordinate) ?? new Set();
    this.found.usedBy.set(coordinate, users.add(this.name));
  }
}
