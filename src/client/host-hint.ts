/** What to try when a host answers with something that is not the API. The vendor's pages name two hosts. */
export function hostHint(url: string | undefined): string {
  const host = url === undefined ? '' : new URL(url).hostname;
  return host === 'datasaur.ai'
    ? 'The API may have moved: try --base-url https://app.datasaur.ai (or baseUrl, or DATASAUR_BASE_URL).'
    : 'Check the base URL: GraphQL is expected at <base>/graphql, and tokens at <base>/api/oauth/token.';
}
