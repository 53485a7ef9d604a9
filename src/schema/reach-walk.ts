import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isLeafType,
  isUnionType,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** A reach that is being found. */
export interface Found {
  fields: Map<string, Set<string>>;
  whole: Set<string>;
  directives: Set<string>;
  usedBy: Map<string, Set<string>>;
}

/** One operation's way through the schema. */
export class ReachWalk {
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
          if (this.#implements(other, type)) this.#selections(other, selections);
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

  #implements(one: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
    return isAbstractType(other) && !isUnionType(one) && this.schema.isSubType(other, one);
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

  /** A type needs a field: one of which nothing is selected keeps one, which no operation uses. */
  complete(): void {
    for (const type of this.#composites) {
      if (isUnionType(type) || this.found.fields.get(type.name)?.size !== 0) continue;
      const fields = Object.values(type.getFields());
      const plain = fields.filter((field) => isLeafType(getNamedType(field.type)) && field.args.length === 0);
      const kept = plain.find(({ name }) => name === 'id') ?? plain[0] ?? fields[0];
      if (kept === undefined) continue;
      if (plain.length === 0) this.#field(type, kept);
      const others = [...this.#composites].filter((other) => this.#implements(other, type));
      for (const one of [type, ...others]) {
        this.found.fields.get(one.name)?.add(kept.name);
        this.found.whole.add(getNamedType(kept.type).name);
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
      this.#used(`@${name.value}`);
      for (const { type } of this.schema.getDirective(name.value)?.args ?? [])
        this.#input(getNamedType(type));
    }
  }

  #used(coordinate: string): void {
    const users = this.found.usedBy.get(coordinate) ?? new Set();
    this.found.usedBy.set(coordinate, users.add(this.name));
  }
}
