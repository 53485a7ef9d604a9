import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { StrictMode, type ReactNode } from 'react';
import {
  useTeamOverviewExport,
  type StartRequest,
  type TeamOverviewExport,
  type TeamOverviewExportOptions,
} from '../../src/react/index.js';

/** An Apollo Client as a page has one: over HTTP, with a cache. */
export function clientOf({ url, accessToken = '' }: { url: string; accessToken?: string }): ApolloClient {
  const link = new HttpLink({ uri: `${url}/graphql`, headers: { authorization: `Bearer ${accessToken}` } });
  return new ApolloClient({ link, cache: new InMemoryCache() });
}

export function Provided({ client, children }: { client: ApolloClient; children: ReactNode }) {
  return (
    <StrictMode>
      <ApolloProvider client={client}>{children}</ApolloProvider>
    </StrictMode>
  );
}

interface ExportProps extends TeamOverviewExportOptions {
  request?: StartRequest;
  /** Called at each render. */
  onRender?: (overview: TeamOverviewExport) => void;
}

/** A row of a page: the buttons, and the state in words. */
export function ExportRow({ request = { teamId: '121' }, onRender, ...options }: ExportProps) {
  const overview = useTeamOverviewExport(options);
  onRender?.(overview);
  const { status, file, error, start, cancel, reset } = overview;
  return (
    <section aria-label={request.teamId}>
      <button
        onClick={() => {
          start(request);
        }}
      >
        Export
      </button>
      <button onClick={cancel}>Cancel</button>
      <button onClick={reset}>Reset</button>
      <output>{error?.code ?? status}</output>
      {file !== null && <a href={file.url}>{file.fileName}</a>}
    </section>
  );
}
