import { describe, expect, it } from '@jest/globals';
import { format } from 'prettier';
import { parse } from 'graphql';
import { ours, pulled, pulledText, sources } from './pulled.js';

describe('our own fragment', () => {
  it.each(sources)('does not change, not a byte, from its own %s', (source) => {
    const after = pulled(ours.files, ours.operations, ours.sdl, source);
    expect(after).toEqual(ours.files);
    // The same objects: nothing was to be written.
    expect(after.every((file, index) => file === ours.files[index])).toBe(true);
  });
});

const query = '{ book(isbn: 1) { title } }';
const book = `# What a library has.

"A book."
type Book {
  # not the ISBN
  "The title."
  title: String! # in full

  # numbers
  pages: Int
}

type Query {
  book(isbn: ID!): Book
}
`;

describe('what changes', () => {
  const live = (fields: string): string =>
    `type Query { book(isbn: ID!): Book } type Book { ${fields} } type Author { name: String! }`;

  it('keeps comments and layout around it', () => {
    const all = '{ book(isbn: 1) { title pages author { name } } }';
    const text = pulledText(book, all, live('author: Author title: String pages: Int! @deprecated'));
    expect(text).toBe(`# What a library has.

"A book."
type Book {
  # not the ISBN
  "The title."
  title: String # in full

  # numbers
  pages: Int! @deprecated
  author: Author
}

type Query {
  book(isbn: ID!): Book
}

type Author {
  name: String!
}
`);
  });

  it('takes with it the comment directly above what is removed', () => {
    expect(pulledText(book, query, live('title: String! pages: Int'))).toBe(`# What a library has.

"A book."
type Book {
  # not the ISBN
  "The title."
  title: String! # in full
}

type Query {
  book(isbn: ID!): Book
}
`);
    const other = '{ book(isbn: 1) { pages } }';
    expect(pulledText(book, other, live('title: String! pages: Int'))).toContain(
      'type Book {\n  # numbers\n  pages: Int\n}\n',
    );
  });

  it.each<{ what: string; sdl: string; operation?: string; live: string; after: string }>([
    {
      what: 'a description that the live schema has',
      sdl: 'type Query {\n  "Ours."\n  a: Int\n}\n',
      live: 'type Query {\n  "Theirs."\n  a: Int\n}\n',
      after: 'type Query {\n  "Theirs."\n  a: Int\n}\n',
    },
    {
      what: 'nothing where only we describe',
      sdl: '"Q" type Query { "Ours." a("A" b: Int): Int }',
      live: 'type Query { a(b: Int): Int }',
      after: '"Q" type Query { "Ours." a("A" b: Int): Int }',
    },
    {
      what: 'a description of several lines, and one with quotes',
      sdl: 'type Query {\n  a(b: Int): Int\n}\n',
      live: 'type Query { """One.\n\n  Two.""" a("A \\"b\\"" b: Int): Int }',
      after:
        'type Query {\n  """\n  One.\n\n  Two.\n  """\n  a(\n    """\n    A "b"\n    """\n    b: Int\n  ): Int\n}\n',
    },
    {
      what: 'a type, whose description and directives are ours',
      sdl: 'directive @own(x: Int) on FIELD_DEFINITION\n\ntype Query {\n  """\n  Ours.\n    Code.\n  """\n  a: Int @own(x: 1) @deprecated\n}\n',
      live: 'type Query { a: String @deprecated(reason: "Use b.") }',
      after:
        'directive @own(x: Int) on FIELD_DEFINITION\n\ntype Query {\n  """\n  Ours.\n    Code.\n  """\n  a: String @own(x: 1) @deprecated(reason: "Use b.")\n}\n',
    },
    {
      what: 'arguments, in our order',
      sdl: 'type Query {\n  a(c: Int, b: Int = 1): Int\n}\n',
      live: 'type Query { a(b: Int = 2, c: Int, d: [In!] = [{ x: 1 }], e: E = X): Int } input In { x: Int = 3 } enum E { X }',
      after:
        'type Query {\n  a(c: Int, b: Int = 2, d: [In!] = [{x: 1}], e: E = X): Int\n}\n\ninput In {\n  x: Int = 3\n}\n\nenum E {\n  X\n}\n',
    },
    {
      what: 'one line to several',
      sdl: 'enum E { A B }\ntype Query { a: E }\n',
      live: 'enum E { A B C } type Query { a: E }',
      after: 'enum E {\n  A\n  B\n  C\n}\ntype Query { a: E }\n',
    },
    {
      what: 'the kind of a type',
      sdl: '"S."\nscalar S\n\ntype Query {\n  a: S\n}\n',
      live: 'enum S { A } type Query { a: S }',
      after: '"S."\nenum S {\n  A\n}\n\ntype Query {\n  a: S\n}\n',
    },
    {
      what: 'the name of a root type',
      sdl: 'schema {\n  query: Query\n}\n\ntype Query\n\nextend type Query {\n  # first\n  a: Int\n}\n',
      live: 'schema { query: RootQuery } type RootQuery { a: Int }',
      after:
        'schema {\n  query: RootQuery\n}\n\ntype RootQuery\n\nextend type RootQuery {\n  # first\n  a: Int\n}\n',
    },
    {
      what: 'the name of a root type that we do not say',
      sdl: 'type Query {\n  a: Int\n}\n',
      live: 'schema { query: RootQuery } type RootQuery { a: Int }',
      after: 'type RootQuery {\n  a: Int\n}\n\nschema {\n  query: RootQuery\n}\n',
    },
    {
      what: 'interfaces and unions',
      sdl: 'type Query {\n  a: U\n}\n\nunion U = A\n\ntype A {\n  id: ID\n}\n',
      operation: '{ a { ... on N { id } ... on B { x } } }',
      live: 'type Query { a: U } union U = B | A interface N { id: ID } type A implements N { id: ID } type B implements N { id: ID x: Int y: Int }',
      after:
        'type Query {\n  a: U\n}\n\nunion U = A | B\n\ntype A implements N {\n  id: ID\n}\n\ntype B implements N {\n  id: ID\n  x: Int\n}\n\ninterface N {\n  id: ID\n}\n',
    },
    {
      what: 'a mutation beside the query',
      sdl: 'schema {\n  query: Query\n}\n\ntype Query {\n  a: Int\n}\n',
      operation: 'query A { a } mutation B { b }',
      live: 'type Query { a: Int } type Mutation { b: Int c: Int }',
      after:
        'schema {\n  query: Query\n  mutation: Mutation\n}\n\ntype Query {\n  a: Int\n}\n\ntype Mutation {\n  b: Int\n}\n',
    },
    {
      what: 'a mutation alone, which needs a query type beside it',
      sdl: '',
      operation: 'mutation B { b }',
      live: 'type Query { z(z: Int!): Int a: Int } type Mutation { b: Int }',
      after: 'type Query {\n  a: Int\n}\n\ntype Mutation {\n  b: Int\n}\n',
    },
    {
      what: 'a directive that an operation bears',
      sdl: 'type Query {\n  a: Int\n}\n',
      operation: '{ a @live(if: true) }',
      live: 'type Query { a: Int } "Keeps up." directive @live(if: Boolean!) repeatable on FIELD | QUERY directive @other on FIELD',
      after:
        'type Query {\n  a: Int\n}\n\n"Keeps up."\ndirective @live(if: Boolean!) repeatable on FIELD | QUERY\n',
    },
    {
      what: 'types of our own directives, which stay',
      sdl: 'directive @own(x: Mode) on FIELD_DEFINITION\n\nenum Mode {\n  A\n}\n\nenum Gone {\n  A\n}\n\ntype Query {\n  a: Int @own(x: A)\n}\n',
      live: 'type Query { a: Int }',
      after:
        'directive @own(x: Mode) on FIELD_DEFINITION\n\nenum Mode {\n  A\n}\n\ntype Query {\n  a: Int @own(x: A)\n}\n',
    },
    {
      what: 'a scalar with an address, an input of which one',
      sdl: 'scalar D\n\ninput I {\n  x: D\n}\n\ntype Query {\n  a(i: I): Int\n}\n',
      live: 'scalar D @specifiedBy(url: "https://d.example") input I @oneOf { x: D } type Query { a(i: I): Int }',
      after:
        'scalar D @specifiedBy(url: "https://d.example")\n\ninput I @oneOf {\n  x: D\n}\n\ntype Query {\n  a(i: I): Int\n}\n',
    },
    {
      what: 'a default that only its scalar could write',
      sdl: 'scalar J\n\ntype Query {\n  a(j: J = 1): Int\n}\n',
      live: 'scalar J type Query { a(j: J = { x: [1, "2"], y: null }): Int }',
      after: 'scalar J\n\ntype Query {\n  a(j: J = {x: [1, "2"], y: null}): Int\n}\n',
    },
  ])('$what', ({ sdl, operation = '{ a }', live, after }) => {
    const text = sdl === '' ? pulled([], operation, live)[0]?.text : pulledText(sdl, operation, live);
    expect(text).toBe(after);
    // Twice is once.
    expect(pulledText(after, operation, live)).toBe(after);
  });

  it('keeps the line ends of Windows', () => {
    const windows = 'type Query {\r\n  a: Int\r\n}\r\n';
    expect(pulledText(windows, '{ a }', 'type Query { a: Int }')).toBe(windows);
    expect(pulledText(windows, '{ a }', 'type Query { a: Int! }')).toBe('type Query {\r\n  a: Int!\r\n}\r\n');
  });

  it('shows nothing in a description that could drive a terminal, and twice is once', () => {
    const live = String.raw`type Query { "\u001b[31mred\u202e  \n\n  x\r\n" a: Int }`;
    const after = pulledText('type Query {\n  a: Int\n}\n', '{ a }', live);
    expect(after).toBe('type Query {\n  """\n  [31mred\n\n    x\n  """\n  a: Int\n}\n');
    expect(pulledText(after, '{ a }', live)).toBe(after);
  });
});

describe('several files', () => {
  const files = [
    { path: 'schema/a.graphql', text: 'extend type Query {\n  a: A\n}\n\ntype A {\n  x: Int\n}\n' },
    { path: 'schema/b.graphql', text: '# Of b.\n\ntype B {\n  x: Int\n}\n' },
    { path: 'schema/c.graphql', text: '# Only this.\n' },
    { path: 'schema/q.graphql', text: 'type Query {\n  b: B\n}\n' },
  ];
  const live = `type Query { b: B a: A c: C } type A { e: E x: Int } type B { x: Int } type C { x: Int e: E }
    enum E { F }`;

  it('get what they mention first, and go when nothing is left in them', () => {
    const operation = '{ a { x e } c { x e } }';
    const after = pulled(files, operation, live);
    expect(after).toEqual([
      {
        path: 'schema/a.graphql',
        text: 'extend type Query {\n  a: A\n}\n\ntype A {\n  x: Int\n  e: E\n}\n\nenum E {\n  F\n}\n',
      },
      files[2],
      { path: 'schema/q.graphql', text: 'type Query {\n  c: C\n}\n\ntype C {\n  x: Int\n  e: E\n}\n' },
    ]);
    expect(pulled(after, operation, live)).toEqual(after);
  });

  it('are one for a project that has none', () => {
    expect(pulled([], '{ a { x } b { x } }', live)).toEqual([
      {
        path: 'schema/schema.graphql',
        text: 'type Query {\n  b: B\n  a: A\n}\n\ntype B {\n  x: Int\n}\n\ntype A {\n  x: Int\n}\n',
      },
    ]);
  });
});

it('what is wrong elsewhere in the live schema is nothing to us', () => {
  const live = 'type Query { a: Int } interface I { x: Int } type T implements I { y: Int } union U = Query';
  expect(pulledText('type Query { a: Int! }', '{ a }', live)).toBe('type Query {\n  a: Int\n}');
});

describe('nothing is changed', () => {
  it('where the operations are not valid, and says where', () => {
    const run = () => pulled(ours.files, '{ a b { c } }', 'type Query { a: Int }');
    expect(run).toThrow(
      expect.objectContaining({
        code: 'SCHEMA_INCOMPATIBLE',
        details: { changes: [expect.objectContaining({ severity: 'breaking', at: 'o.graphql:1:5' })] },
      }),
    );
  });

  it.each([
    [
      '{ a { ... on I { x } } }',
      'type Query { a: T } interface I { x: Int } type T implements I { x: String }',
      'SCHEMA_INVALID',
    ],
    ['{ a }', 'type Mutation { a: Int }', 'SCHEMA_INCOMPATIBLE'],
  ])('%s against %s', (operation, live, code) => {
    expect(() => pulled([], operation, live)).toThrow(expect.objectContaining({ code }));
  });
});

it('what is new is laid out as a formatter would', async () => {
  const long = Array.from({ length: 9 }, (_, index) => `LongNameOfAType${index}`);
  const live = `${ours.sdl.replaceAll(/"When .*"/g, `"${'Long. '.repeat(30)}"`)}
    extend type Query {
      any(${long.map((_, index) => `argumentWithALongName${index}: Int = ${index}`).join(', ')}): Any
      old("How." id: ID! = "x", and: [Int!] = [1, 2]): Int! @deprecated(reason: "Use \\"new\\".")
    }
    union Any = ${long.join(' | ')}
    ${long.map((name) => `type ${name} { x: Int }`).join('\n')}`;
  const asked = parse('query Any { any { ... on LongNameOfAType1 { x } } old }');
  const operations = {
    ...ours.operations,
    definitions: [...ours.operations.definitions, ...asked.definitions],
  };
  const [file] = pulled([], operations, live);
  expect(file!.text).toContain('union Any =\n  | LongNameOfAType0\n');
  expect(await format(file!.text, { parser: 'graphql', printWidth: 110 })).toBe(file!.text);
});
