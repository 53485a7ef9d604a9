import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, print, printSchema, buildSchema, Kind, visit } from 'graphql';
import type { DefinitionNode, DocumentNode } from 'graphql';
import { ours, pulled, sources } from './pulled.js';

/** What a server would say of our fragment: without our own directives, and without extensions. */
const served = parse(printSchema(buildSchema(ours.sdl)), { noLocation: true }).definitions.filter(
  ({ kind }) => kind !== Kind.DIRECTIVE_DEFINITION,
);

const ourTypes = ['Team', 'JobError', 'ExportDeliveryStatus', 'String', 'Int', 'ID'];
const extraTypes = `
  "Everything else that there is."
  type Project implements Node { id: ID! team: Team status(of: ExportDeliveryStatus = NONE): Status }
  interface Node { id: ID! }
  union Anything = Project | Team | JobError
  enum Status { OPEN CLOSED @deprecated(reason: "Never.") }
  input Filter { text: String = "all" status: [Status!] and: [Filter!] }
  scalar DateTime
  type Mutation { remove(filter: Filter!): Project }
  type Subscription { changed: Anything }
`;
const added = parse(extraTypes, { noLocation: true }).definitions;
const directives = parse(
  'directive @auth(role: String) on FIELD_DEFINITION | OBJECT\ndirective @cached on FIELD',
  {
    noLocation: true,
  },
).definitions;

/** A field that none of our operations asks for. */
const extraField = fc
  .record({
    name: fc.stringMatching(/^x[A-Za-z0-9_]{0,8}$/),
    type: fc.constantFrom(...ourTypes, 'Project', 'Anything', 'Status', 'DateTime', 'Node'),
    wrap: fc.constantFrom('T', 'T!', '[T]', '[T!]!'),
    args: fc.constantFrom('', '(filter: Filter)', '(first: Int! = 10, status: Status = OPEN)'),
    tail: fc.constantFrom('', ' @deprecated', ' @auth(role: "admin")'),
    description: fc.constantFrom('', '"An extra." ', '"""\nSeveral\n  lines.\n""" '),
  })
  .map(({ name, type, wrap, args, tail, description }) => ({
    name,
    text: `${description}${name}${args}: ${wrap.replace('T', type)}${tail}`,
  }));

const superset = fc
  .record({
    fields: fc.uniqueArray(extraField, { maxLength: 12, selector: ({ name }) => name }),
    /** Where the extra fields go, and how all is shuffled. */
    seeds: fc.array(fc.nat(), { minLength: 64, maxLength: 64 }),
    described: fc.boolean(),
    withTypes: fc.boolean(),
  })
  .map(({ fields, seeds, described, withTypes }) => {
    let at = 0;
    const next = (): number => seeds[at++ % seeds.length]!;
    const shuffled = <T>(list: readonly T[]): T[] =>
      list
        .map((item) => [next(), item] as const)
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item);
    const objects = [
      'Query',
      'Team',
      'TeamSetting',
      'JobError',
      'ExportRequestResult',
      'GetExportDeliveryStatusResult',
    ];
    const extra = withTypes || fields.length > 0;
    const homes = fields.map(({ text }) => ({ type: objects[next() % objects.length]!, text }));
    const document: DocumentNode = visit(
      { kind: Kind.DOCUMENT, definitions: [...served, ...(extra ? added : []), ...directives] },
      {
        ObjectTypeDefinition: (node) => {
          const own = homes.filter(({ type }) => type === node.name.value).map(({ text }) => text);
          const [more] =
            own.length === 0 ? [] : parse(`type T { ${own.join('\n')} }`, { noLocation: true }).definitions;
          const fieldsOfMore = more?.kind === Kind.OBJECT_TYPE_DEFINITION ? (more.fields ?? []) : [];
          return { ...node, fields: shuffled([...(node.fields ?? []), ...fieldsOfMore]) };
        },
        InputObjectTypeDefinition: (node) => ({ ...node, fields: shuffled(node.fields ?? []) }),
        EnumTypeDefinition: (node) => ({ ...node, values: shuffled(node.values ?? []) }),
        StringValue: (node, key) => (key === 'description' && !described ? null : node),
      },
    );
    return print({ ...document, definitions: shuffled<DefinitionNode>(document.definitions) });
  });

it.each(sources)('a pull of any superset of our fragment, from its %s, is our fragment', (source) => {
  fc.assert(
    fc.property(superset, (sdl) => {
      expect(pulled(ours.files, ours.operations, sdl, source)).toEqual(ours.files);
    }),
    { numRuns: 80 },
  );
});

it('a pull without any of our files does not depend on more than is asked for', () => {
  fc.assert(
    fc.property(superset, (sdl) => {
      const [file, ...others] = pulled([], ours.operations, sdl);
      expect(others).toEqual([]);
      expect(file?.text).not.toMatch(/\bx[A-Za-z0-9_]*[(:]|Project|Filter|@auth/);
      // And is itself a fragment that does not change.
      expect(pulled([file!], ours.operations, sdl, 'introspection')).toEqual([file]);
    }),
    { numRuns: 30 },
  );
});

it('whatever a live description, reason or default holds, it is written once, and once is twice', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('"""', '"', '\\', '\n', '\r\n', '\t', '  ', '# no comment', 'x', '{', '\uD800'),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, text, text, (description, reason, value) => {
      const quoted = (one: string) => print({ kind: Kind.STRING, value: Buffer.from(one).toString() });
      const sdl = `type Query { ${quoted(description)} a(${quoted(description)} b: String = ${quoted(value)}): E }
        ${quoted(description)} enum E { ${quoted(description)} A @deprecated(reason: ${quoted(reason)}) }`;
      const first = pulled([], '{ a }', sdl, 'introspection');
      expect(pulled(first, '{ a }', sdl)).toEqual(first);
      const other = pulled(
        [{ path: 'a.graphql', text: '"E" enum E { "A" A } type Query { "a" a("b" b: Int): E }' }],
        '{ a }',
        sdl,
      );
      expect(pulled(other, '{ a }', sdl, 'introspection')).toEqual(other);
      expect(first[0]!.text).not.toMatch(/[\p{Cc}\u202E](?<![\n\t])/u);
    }),
    { numRuns: 200 },
  );
});
