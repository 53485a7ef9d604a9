import { describe, expect, it } from '@jest/globals';
import { errorsOf } from './checked-source.js';
import { generateDocuments, generateHooks, type Source } from './generate.js';

const library: Source = {
  schema: `
    type Query {
      books(first: Int): [Book!]!
      book(isbn: ID!): Book
      recall(isbn: ID!): Recall! @sideEffects
      bell: Boolean @sideEffects
    }
    type Book { isbn: ID!, title: String!, year: Int }
    type Recall { letter: ID! }
    type Mutation { lend(isbn: ID!): Book }
    type Subscription { returned(shelf: Int!): Book!, opened: Boolean! }
  `,
  operations: [
    `query Shelf($first: Int) { books(first: $first) { ...Cover } }
     query OneBook($isbn: ID!) { book(isbn: $isbn) { ...Cover } }`,
    'fragment Cover on Book { isbn title year }',
    'query Recall($isbn: ID!) { recall(isbn: $isbn) { letter } } query Bell { bell }',
    'mutation Lend($isbn: ID!) { lend(isbn: $isbn) { title } }',
    `subscription Returned($shelf: Int!) { returned(shelf: $shelf) { title } }
     subscription Opened { opened }`,
  ],
};

const uses = `
import { skipToken, useQuery } from '@apollo/client/react';
import type { ApolloClient, ErrorLike } from '@apollo/client';
import { OneBookDocument, type OneBookQuery, type LendMutation, type RecallQuery, type ReturnedSubscription, type ShelfQuery } from './documents.js';
import * as hooks from './hooks.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(holds: Same<A, B>): void;
declare const id: string | undefined;
declare const client: ApolloClient;

export function Reads() {
  const shelf = hooks.useShelfQuery();
  same<typeof shelf.error, ErrorLike | undefined>(true);
  if (shelf.dataState === 'complete') same<typeof shelf.data, ShelfQuery>(true);
  const year: number | null | undefined = shelf.data?.books?.[0]?.year;
  // @ts-expect-error not in the operation
  shelf.data?.books[0]?.author;
  hooks.useShelfQuery({ variables: { first: 3 }, pollInterval: 1000, client });
  hooks.useShelfQuery(skipToken);
  // @ts-expect-error a number
  hooks.useShelfQuery({ variables: { first: 'three' } });
  // @ts-expect-error an option that does not exist
  hooks.useShelfQuery({ pollIntervall: 1000 });

  const one = hooks.useOneBookQuery({ variables: { isbn: '1' } });
  const title: string | undefined = one.data?.book?.title;
  same<typeof one.variables, { isbn: string | number }>(true);
  // @ts-expect-error variables are required
  hooks.useOneBookQuery();
  // @ts-expect-error variables are required
  hooks.useOneBookQuery({});
  // @ts-expect-error variables are required
  hooks.useOneBookQuery({ fetchPolicy: 'network-only' });
  // @ts-expect-error isbn is required
  hooks.useOneBookQuery({ variables: {} });
  // @ts-expect-error not a variable of it
  hooks.useOneBookQuery({ variables: { isbn: '1', title: '' } });
  // @ts-expect-error it may not be skipped, and then variables are required
  hooks.useOneBookQuery({ skip: id === undefined });
  const skipped = hooks.useOneBookQuery({ skip: true });
  same<typeof skipped.variables, Partial<{ isbn: string | number }>>(true);
  same<Extract<typeof skipped, { dataState: 'partial' }>, never>(true);
  hooks.useOneBookQuery(id === undefined ? { skip: true } : { variables: { isbn: id } });
  const never = hooks.useOneBookQuery(skipToken);
  same<typeof never.data, undefined>(true);
  const perhaps = hooks.useOneBookQuery(id === undefined ? skipToken : { variables: { isbn: id } });
  const isbn: string | undefined = perhaps.data?.book?.isbn;
  const partial = hooks.useOneBookQuery({ variables: { isbn: '1' }, returnPartialData: true });
  same<typeof partial.dataState, 'empty' | 'complete' | 'streaming' | 'partial'>(true);
  const all = hooks.useOneBookQuery({ variables: { isbn: '1' }, errorPolicy: 'all' });
  return { year, title, isbn, all };
}

/** As well as \`useQuery\` itself. */
export function AsWell() {
  const options = { variables: { isbn: '1' } };
  const [ours, theirs] = [hooks.useOneBookQuery(options), useQuery(OneBookDocument, options)];
  same<typeof ours, typeof theirs>(true);
  const none = { ...options, errorPolicy: 'none' as const };
  const [ourNone, theirNone] = [hooks.useOneBookQuery(none), useQuery(OneBookDocument, none)];
  same<typeof ourNone, typeof theirNone>(true);
  const part = { ...options, returnPartialData: true as const };
  const [ourPart, theirPart] = [hooks.useOneBookQuery(part), useQuery(OneBookDocument, part)];
  same<typeof ourPart, typeof theirPart>(true);
  const may = id === undefined ? skipToken : options;
  const [ourMay, theirMay] = [hooks.useOneBookQuery(may), useQuery(OneBookDocument, may)];
  same<typeof ourMay, typeof theirMay>(true);
  const [ourSkip, theirSkip] = [hooks.useOneBookQuery(skipToken), useQuery(OneBookDocument, skipToken)];
  same<typeof ourSkip, typeof theirSkip>(true);
}

export async function SideEffects() {
  const [recall, state] = hooks.useRecallLazyQuery({ context: { from: 'desk' }, client, errorPolicy: 'all' });
  same<typeof state.data, RecallQuery | undefined>(true);
  same<typeof state.loading, boolean>(true);
  state.reset();
  const { data, error } = await recall({ variables: { isbn: '1' }, context: { more: true } });
  const letter: string | undefined = data?.recall.letter;
  const message: string | undefined = error?.message;
  // @ts-expect-error variables are required
  void recall();
  // @ts-expect-error isbn is required
  void recall({ variables: {} });
  // @ts-expect-error it cannot be had from a cache
  hooks.useRecallLazyQuery({ fetchPolicy: 'cache-first' });
  // @ts-expect-error it cannot be repeated
  hooks.useRecallLazyQuery({ pollInterval: 1000 });
  // @ts-expect-error there is nothing to ask again
  state.refetch;
  // @ts-expect-error it has no form that is sent by rendering
  hooks.useRecallQuery;
  const [ring] = hooks.useBellLazyQuery();
  void ring();
  // @ts-expect-error it has no variables
  void ring({ variables: { isbn: '1' } });
  const [lend, lent] = hooks.useLendMutation();
  same<typeof lent.data, LendMutation | undefined>(true);
  await lend({ variables: { isbn: '1' } });
  // @ts-expect-error variables are required
  await lend();
  return { letter, message };
}

export function Subscriptions() {
  const returned = hooks.useReturnedSubscription({ variables: { shelf: 1 } });
  same<typeof returned.data, ReturnedSubscription | undefined>(true);
  hooks.useReturnedSubscription(skipToken);
  // @ts-expect-error variables are required
  hooks.useReturnedSubscription();
  hooks.useOpenedSubscription();
  hooks.useOpenedSubscription({ onData: ({ data }) => data.data?.opened });
  same<OneBookQuery['book'], { isbn: string; title: string; year: number | null } | null>(true);
}
`;

async function filesFor(source: Source): Promise<Record<string, string>> {
  return { 'hooks.ts': generateHooks(source), 'documents.ts': await generateDocuments(source) };
}

describe('hooks for operations that are not ours', () => {
  it('let through what is right and nothing else', async () => {
    expect(errorsOf({ ...(await filesFor(library)), 'uses.ts': uses })).toEqual([]);
  });

  it('hold also for who has switched Apollo Client to its newer signatures', async () => {
    const modern = `
      import { useQuery } from '@apollo/client/react';
      import { OneBookDocument, type OneBookQuery, type OneBookQueryVariables } from './documents.js';
      import { useOneBookQuery } from './hooks.js';
      declare module '@apollo/client' { interface TypeOverrides { signatureStyle: 'modern' } }
      const options = { variables: { isbn: '1' } };
      export const title = () => useOneBookQuery(options).data?.book?.title.length;
      // @ts-expect-error only the older signatures may be told their types
      export const theirs = () => useQuery<OneBookQuery, OneBookQueryVariables>(OneBookDocument, options);`;
    expect(errorsOf({ ...(await filesFor(library)), 'modern.ts': modern })).toEqual([]);
  });

  it.each<{ what: string; operations: string[]; config?: Record<string, unknown> }>([
    {
      what: 'lower case',
      operations: [
        'query shelf { books { title } }',
        'query ring { bell } mutation lend { lend(isbn: 1) { title } }',
      ],
    },
    {
      what: 'snake case',
      operations: [
        'query one_book($isbn: ID!) { book(isbn: $isbn) { title } }',
        'query ring_the_bell { bell }',
      ],
    },
    {
      what: 'capitals and digits',
      operations: ['query BOOKS2_V3 { books { title } }', 'query ringHTTP { bell }'],
    },
    {
      what: 'a name that ends like its kind',
      operations: [
        'query ShelfQuery { books { title } }',
        'mutation LendMutation { lend(isbn: 1) { title } }',
      ],
    },
    {
      what: 'that ending once',
      operations: ['query ShelfQuery { books { title } }', 'query BellQuery { bell }'],
      config: { dedupeOperationSuffix: true },
    },
    {
      what: 'no ending',
      operations: ['query Shelf { books { title } }', 'query Ring { bell }'],
      config: { omitOperationSuffix: true },
    },
    {
      what: 'names as they are',
      operations: ['query one_shelf { books { title } }', 'query ring { bell }'],
      config: { namingConvention: 'keep' },
    },
    {
      what: 'prefixes and suffixes',
      operations: ['query Shelf { books { title } }', 'query Ring { bell }'],
      config: {
        ...{ typesPrefix: 'I', typesSuffix: 'T', operationResultSuffix: 'Data' },
        ...{ documentVariablePrefix: 'the', documentVariableSuffix: 'Doc' },
      },
    },
    {
      what: 'names that the file itself uses',
      operations: [
        'query Lazy { bell } query SideEffect { bell } query documents { books { title } }',
        'query Skipped { books { title } } query Apollo($TData: ID!) { book(isbn: $TData) { title } }',
      ],
    },
  ])('have the names of the other plugins: $what', async ({ operations, config }) => {
    const files = await filesFor({ ...library, operations, ...(config && { config }) });
    expect(errorsOf(files)).toEqual([]);
  });

  it('are named after their operations', () => {
    const operations = [
      'query one_book { books { title } } query shelf { books { title } } query ring_it { bell }',
    ];
    const names = generateHooks({ ...library, operations }).match(/\buse\w+(?=: QueryHook|\(\n)/g);
    expect(names).toEqual(
      expect.arrayContaining(['useOne_BookQuery', 'useShelfQuery', 'useRing_ItLazyQuery']),
    );
  });

  it('is a check that sees an error', () => {
    expect(errorsOf({ 'wrong.ts': 'export const one: number = "1";' })).toEqual([
      "wrong.ts(1): Type 'string' is not assignable to type 'number'.",
    ]);
  });
});
