import { DatasaurExportError, type Credentials } from '../index.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Credentials come from the environment only: a process list shows flags. @throws NO_CREDENTIALS */
export function credentialsFrom(environment: Environment): Credentials {
  const accessToken = variable(environment, 'DATASAUR_ACCESS_TOKEN');
  if (accessToken !== undefined) return { accessToken };
  const clientId = variable(environment, 'DATASAUR_CLIENT_ID');
  const clientSecret = variable(environment, 'DATASAUR_CLIENT_SECRET');
  if (clientId !== undefined && clientSecret !== undefined) return { clientId, clientSecret };
  const half = clientId === undefined ? 'DATASAUR_CLIENT_ID' : 'DATASAUR_CLIENT_SECRET';
  const message =
    clientId === clientSecret
      ? 'No credentials: no access token and no OAuth client.'
      : `${half} is not set.`;
  throw new DatasaurExportError('NO_CREDENTIALS', message, {
    hint: 'Set DATASAUR_ACCESS_TOKEN, or both DATASAUR_CLIENT_ID and DATASAUR_CLIENT_SECRET.',
  });
}

/** A variable that is set to something; an empty one counts as not set. */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}
