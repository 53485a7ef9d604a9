import { ApolloClient, InMemoryCache } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { act, configure, renderHook, waitFor } from '@testing-library/react';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ReactNode } from 'react';
import type { SideEffectHook } from '../../generated/hooks.js';
import { generateDocuments, generateHooks } from '../codegen/generate.js';
import { ScriptedLink } from './scripted-link.js';

configure({ reactStrictMode: true });

const library = {
  schema: `
    type Query { book(isbn: ID!): Book }
    type Book { isbn: ID!, title: String! }
    type Mutation { lend(isbn: ID!): Book }
    type Subscription { returned: Book! }
  `,
  operations: [
    'query Book($isbn: ID!) { book(isbn: $isbn) { isbn title } }',
    'mutation lend_it($isbn: ID!) { lend(isbn: $isbn) { isbn title } }',
    'subscription Returned { returned { isbn title } }',
  ],
};
interface Hooks {
  useBookQuery: (options: { variables: { isbn: string } } | { skip: true }) => { data?: unknown };
  useLend_ItMutation: () => SideEffectHook<unknown, { isbn: string }>;
  useReturnedSubscription: () => { data?: unknown; loading: boolean };
}

let folder: string;
let hooks: Hooks;

beforeAll(async () => {
  // In the repository, because what is generated imports packages.
  const scratch = fileURLToPath(new URL('../../.tmp', import.meta.url));
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(`${scratch}/foreign-hooks-`);
  writeFileSync(`${folder}/documents.ts`, await generateDocuments(library));
  writeFileSync(`${folder}/hooks.ts`, generateHooks(library));
  hooks = (await import(`${folder}/hooks.ts`)) as Hooks;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function world() {
  const link = new ScriptedLink();
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <ApolloProvider client={client}>{children}</ApolloProvider>
  );
  return { link, client, wrapper };
}
const book = { __typename: 'Book', isbn: '1', title: 'Emma' };

it('a mutation is sent by each call, and by nothing else', async () => {
  const { link, client, wrapper } = world();
  const { result } = renderHook(() => hooks.useLend_ItMutation(), { wrapper });
  expect(link.sent).toEqual([]);
  const outcomes: Promise<unknown>[] = [];
  act(() => {
    for (let call = 0; call < 2; call++) outcomes.push(result.current[0]({ variables: { isbn: '1' } }));
  });
  await waitFor(() => {
    expect(link.names).toEqual(['lend_it', 'lend_it']);
  });
  await act(async () => {
    link.sent[0]!.answer({ data: { lend: book } });
    link.sent[1]!.fail(new Error('it is lent'));
    expect(await outcomes[0]).toMatchObject({ data: { lend: book } });
    expect(await outcomes[1]).toMatchObject({ data: undefined, error: { message: 'it is lent' } });
    await client.resetStore();
  });
  expect(result.current[1]).toMatchObject({
    loading: false,
    data: undefined,
    error: { message: 'it is lent' },
  });
  expect(link.sent).toHaveLength(2);
  expect(client.cache.extract()).toEqual({});
});

it('a query without its variables is not sent when it is to be skipped', async () => {
  const { link, wrapper } = world();
  const { result, rerender } = renderHook(
    ({ isbn }: { isbn: string | null }) =>
      hooks.useBookQuery(isbn === null ? { skip: true } : { variables: { isbn } }),
    { wrapper, initialProps: { isbn: null as string | null } },
  );
  expect(link.sent).toEqual([]);
  rerender({ isbn: '1' });
  await waitFor(() => {
    expect(link.names).toEqual(['Book']);
  });
  act(() => {
    link.sent[0]!.answer({ data: { book } });
  });
  await waitFor(() => {
    expect(result.current.data).toEqual({ book });
  });
});

it('a subscription brings what comes', async () => {
  const { link, wrapper } = world();
  const { result } = renderHook(() => hooks.useReturnedSubscription(), { wrapper });
  await waitFor(() => {
    expect(link.names).toContain('Returned');
  });
  act(() => {
    link.sent.at(-1)!.answer({ data: { returned: book } });
  });
  await waitFor(() => {
    expect(result.current.data).toEqual({ returned: book });
  });
});
