import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Announcer } from './announcer.js';
import { Dashboard } from './dashboard.js';
import './styles.css';

// No token here: the proxy that serves this page adds it.
const client = new ApolloClient({
  link: new HttpLink({ uri: '/graphql' }),
  cache: new InMemoryCache(),
});
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

createRoot(root).render(
  <StrictMode>
    <ApolloProvider client={client}>
      <Announcer>
        <Dashboard />
      </Announcer>
    </ApolloProvider>
  </StrictMode>,
);
