import { describe, expect, it } from '@jest/globals';
import { validate } from '../../codegen/typed-hooks.mjs';
import { generateHooks, type Source } from './generate.js';

const schema = `
  type Query implements Rings {
    books(first: Int): [Book!]!
    book(isbn: ID!): Book
    "Sends a letter to whoever holds the book."
    recall(isbn: ID!): Recall! @sideEffects
    bell: Boolean @sideEffects
    librarian: Librarian!
    anything: Anything
  }
  interface Rings { bell: Boolean }
  interface Stirs { stir: Boolean @sideEffects }
  type Librarian implements Stirs { name: String!, wake: Boolean @sideEffects, stir: Boolean }
  type Book { isbn: ID!, title: String! }
  type Recall { letter: ID! }
  union Anything = Book | Librarian
  type Mutation { lend(isbn: ID!): Book, ring: Boolean @sideEffects }
  type Subscription { returned: Book!, alarm: Boolean @sideEffects }
`;
const hooksOf = (...operations: Source['operations']) => generateHooks({ schema, operations });
const exported = (source: string) =>
  [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name!);

describe('the form of a hook', () => {
  it.each([
    ['a plain read', 'query Shelf { books { title } }', 'useShelfQuery'],
    ['several plain reads', 'query Shelf { books { title } book(isbn: 1) { title } }', 'useShelfQuery'],
    ['a field with side effects', 'query Send { recall(isbn: 1) { letter } }', 'useSendLazyQuery'],
    ['one among several', 'query Send { books { title } recall(isbn: 1) { letter } }', 'useSendLazyQuery'],
    ['an alias', 'query Send { books: recall(isbn: 1) { letter } }', 'useSendLazyQuery'],
    ['an inline fragment', 'query Send { ... on Query { recall(isbn: 1) { letter } } }', 'useSendLazyQuery'],
    ['an untyped inline fragment', 'query Send { ... { recall(isbn: 1) { letter } } }', 'useSendLazyQuery'],
    ['a condition', 'query Send($s: Boolean!) { bell @include(if: $s) }', 'useSendLazyQuery'],
    [
      'a fragment in a fragment',
      'query Send { ...A } fragment A on Query { ...B } fragment B on Query { bell }',
      'useSendLazyQuery',
    ],
    ['an interface that the root implements', 'query Send { ... on Rings { bell } }', 'useSendLazyQuery'],
    ['a field further down', 'query Send { librarian { name wake } }', 'useSendLazyQuery'],
    [
      'an interface that a selected type implements',
      'query Send { anything { ... on Librarian { stir } } }',
      'useSendLazyQuery',
    ],
    ['a member of a union', 'query Send { anything { ... on Librarian { wake } } }', 'useSendLazyQuery'],
    ['an alias that only sounds like it', 'query Shelf { recall: books { title } }', 'useShelfQuery'],
    ['introspection', 'query Shelf { __typename __schema { types { name } } }', 'useShelfQuery'],
    [
      'a fragment that is not used',
      'query Shelf { books { title } } fragment F on Query { bell }',
      'useShelfQuery',
    ],
    ['a mutation', 'mutation Lend { lend(isbn: 1) { title } }', 'useLendMutation'],
    ['a marked mutation', 'mutation Ring { ring }', 'useRingMutation'],
    ['a subscription', 'subscription Returned { returned { title } }', 'useReturnedSubscription'],
  ])('%s', (_what, operation, hook) => {
    const source = hooksOf(operation);
    expect(exported(source)).toEqual([hook]);
    expect(source.includes('useQuery(')).toBe(operation.includes('Shelf'));
    expect(source.includes(`fetchPolicy: 'no-cache'`)).toBe(/LazyQuery|Mutation/.test(hook));
  });

  it('sees a fragment of another file', () => {
    const source = hooksOf('query Send { ...F }', 'fragment F on Query { bell }');
    expect(exported(source)).toEqual(['useSendLazyQuery']);
    expect(source).toContain('(`Query.bell`)');
  });

  it('gives each operation its own', () => {
    const source = hooksOf(
      'query Shelf { books { title } } query Send { bell }',
      'mutation Lend { lend(isbn: 1) { title } } fragment F on Book { title }',
    );
    expect(exported(source)).toEqual(['useShelfQuery', 'useSendLazyQuery', 'useLendMutation']);
  });

  it('is a module also without operations', () => {
    expect(hooksOf('fragment F on Book { title }').trim()).toBe('export {};');
  });
});

describe('what it refuses', () => {
  it('an operation without a name, and says where it is', () => {
    expect(() => hooksOf(['operations/shelf.graphql', '{ books { title } }'])).toThrow(
      'typed-hooks: an anonymous query in operations/shelf.graphql has no hook: name it',
    );
  });

  it('two operations with one hook', () => {
    expect(() => hooksOf('query shelf { books { title } }', 'query Shelf { books { isbn } }')).toThrow(
      'typed-hooks: Shelf and shelf would both have the name useShelfQuery',
    );
  });

  it('two operations with one document', () => {
    expect(() => hooksOf('query Bell { books { title } }', 'mutation Bell { ring }')).toThrow(
      'typed-hooks: Bell and Bell would both have the name BellDocument',
    );
  });

  it('a hook with the name of what the file imports', () => {
    const source = { schema, operations: ['query Query { books { title } }'] };
    expect(() => generateHooks({ ...source, config: { dedupeOperationSuffix: true } })).toThrow(
      'typed-hooks: Query and the generated file itself would both have the name useQuery',
    );
  });

  it('a subscription with side effects', () => {
    expect(() => hooksOf('subscription Alarm { alarm }')).toThrow(
      'typed-hooks: the subscription Alarm has no lazy form, but Subscription.alarm bears @sideEffects',
    );
  });

  it.each([
    [
      { documentsFrom: './documents.js' },
      'hooks.js',
      'typed-hooks: it writes TypeScript: hooks.js should end in .ts',
    ],
    [
      {},
      'hooks.ts',
      'typed-hooks: the option documentsFrom is missing: what hooks.ts imports the documents from',
    ],
    [
      { documentsFrom: './documents.js', documentMode: 'string' as never },
      'hooks.ts',
      'typed-hooks: documentMode string makes texts, and Apollo Client takes documents',
    ],
    [{ documentsFrom: '' }, 'hooks.ts', 'typed-hooks: the option documentsFrom is missing'],
  ])('the options %j for %s', (config, file, message) => {
    expect(() => {
      validate(undefined as never, [], config, file);
    }).toThrow(message);
  });

  it('nothing that is well', () => {
    expect(() => {
      validate(undefined as never, [], { documentsFrom: './documents.js' }, 'hooks.ts');
    }).not.toThrow();
  });
});

it('writes the same for the same, whatever else was generated before', () => {
  const operations = ['query Send { ...F } query Shelf { books { title } }', 'fragment F on Query { bell }'];
  const first = hooksOf(...operations);
  hooksOf('mutation Lend { lend(isbn: 1) { title } }');
  expect(hooksOf(...operations)).toBe(first);
});
