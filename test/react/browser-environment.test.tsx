import { afterEach, expect, test } from '@jest/globals';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { ApolloProvider, useQuery } from '@apollo/client/react';
import { render, screen } from '@testing-library/react';
import { StrictMode, version } from 'react';
import { version as domVersion } from 'react-dom';
import { GetAllTeamsDocument } from '../../generated/documents.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';

const sandboxes: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(sandboxes.splice(0).map(async (sandbox) => sandbox.close()));
});

test('each project has the React that it is named after', () => {
  const { testProject } = globalThis as { testProject?: string };
  expect(testProject).toMatch(/^React (18|19)$/);
  expect(`React ${version.split('.')[0]}`).toBe(testProject);
  expect(domVersion).toBe(version);
});

test('there is a document, and a fetch that heeds a signal', async () => {
  const gone = new AbortController();
  const asked = fetch('http://127.0.0.1:9/', { signal: gone.signal });
  gone.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  expect(document.createElement('a')).toBeInstanceOf(HTMLElement);
  expect(Buffer.from('a')).toBeInstanceOf(Uint8Array);
  expect(URL.canParse('http://a/')).toBe(true);
});

test('Apollo Client fetches from the sandbox, and React shows it', async () => {
  const sandbox = await startSandbox();
  sandboxes.push(sandbox);
  const client = new ApolloClient({
    link: new HttpLink({
      uri: `${sandbox.url}/graphql`,
      headers: { authorization: `Bearer ${sandbox.accessToken}` },
    }),
    cache: new InMemoryCache(),
  });
  function Teams() {
    const { data } = useQuery(GetAllTeamsDocument);
    return (
      <ul>
        {data?.getAllTeams.map(({ id, name }) => (
          <li key={id}>{name}</li>
        ))}
      </ul>
    );
  }
  render(
    <StrictMode>
      <ApolloProvider client={client}>
        <Teams />
      </ApolloProvider>
    </StrictMode>,
  );
  expect((await screen.findByText('Team Alvin')).tagName).toBe('LI');
  client.stop();
});
