import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { createDatasaurClient, type DatasaurClient } from 'datasaur-export';
import { TeamLogosDocument, type TeamLogosQuery } from './generated/documents.js';

export interface Service {
  /** Everything that datasaur-export does. */
  datasaur: DatasaurClient;
  /** What it does not do: an operation of our own, on the same client. */
  teamLogos(): Promise<TeamLogosQuery['getAllTeams']>;
}

export function createService(baseUrl: string, accessToken: string): Service {
  const apolloClient = new ApolloClient({
    link: new HttpLink({ uri: `${baseUrl}/graphql`, headers: { authorization: `Bearer ${accessToken}` } }),
    cache: new InMemoryCache(),
  });
  return {
    datasaur: createDatasaurClient({ apolloClient }),
    teamLogos: async () => {
      const { data } = await apolloClient.query({ query: TeamLogosDocument });
      return data?.getAllTeams ?? [];
    },
  };
}
