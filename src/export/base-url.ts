import { DatasaurExportError } from '../errors/index.js';
import { refusalOf } from '../readiness/index.js';

/** Where the parts of one Datasaur are. */
export interface Endpoints {
  graphqlUrl: string;
  tokenUrl: string;
}

/** The vendor's host for this operation, as its page names it. */
export const defaultBaseUrl = 'https://datasaur.ai';

/**
 * @param baseUrl such as `https://datasaur.ai`, `https://app.datasaur.ai` or a self-hosted one
 * @throws BASE_URL_REFUSED
 */
export function endpointsOf(baseUrl: string = defaultBaseUrl, { allowInsecureHttp = false } = {}): Endpoints {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const refusal = url === null ? 'not-http' : refusalOf(url, allowInsecureHttp);
  if (url === null || refusal === 'not-http') throw refused('it is not an http(s) URL');
  if (refusal === 'has-userinfo') throw refused('it holds a user name or password');
  if (refusal === 'insecure-http') {
    throw refused(
      'it is plain http to a host that is not this machine, which would show the credentials to anyone on the way',
      'Use https; if you accept that, allow insecure http (--insecure-http, allowInsecureHttp).',
    );
  }
  if (url.search !== '' || url.hash !== '') throw refused('it has a query or a fragment');
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (base.endsWith('/graphql'))
    throw refused('it names the GraphQL endpoint', `Leave /graphql away; it is added.`);
  return { graphqlUrl: `${base}/graphql`, tokenUrl: `${base}/api/oauth/token` };
}

function refused(why: string, hint = `Give one such as ${defaultBaseUrl}.`): DatasaurExportError {
  return new DatasaurExportError('BASE_URL_REFUSED', `The base URL is refused: ${why}.`, { hint });
}
