import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import type { RefObject } from 'react';
import { TransientButton } from './transient-button.js';

interface Explanation {
  code: string;
  message: string;
  hint: string;
}

/** Why the teams could not be read, in words that do not repeat what a server wrote. */
export function explain(error: unknown): Explanation {
  const status = ServerError.is(error) ? error.statusCode : null;
  const refused =
    CombinedGraphQLErrors.is(error) && error.errors.some(({ message }) => /unauthori[sz]ed/i.test(message));
  if (refused || status === 401 || status === 403) {
    return {
      code: 'AUTHENTICATION_FAILED',
      message: 'Datasaur did not accept the credentials of this dashboard.',
      hint: 'The access token that the proxy adds may have expired. Nothing can be exported until it is renewed.',
    };
  }
  if (CombinedGraphQLErrors.is(error)) {
    return {
      code: 'GRAPHQL_ERROR',
      message: 'Datasaur answered the question for the teams with an error.',
      hint: 'Try again; if it happens again, the server and this page may not fit together.',
    };
  }
  return {
    code: 'API_UNREACHABLE',
    message:
      status === null ? 'Datasaur could not be reached.' : `Datasaur is not available (HTTP ${status}).`,
    hint: 'Check the network, or wait a moment, and try again. Nothing was started.',
  };
}

interface TeamsProblemProps {
  error: unknown;
  retrying: boolean;
  onRetry: () => void;
  successor: RefObject<HTMLElement | null>;
}

export function TeamsProblem({ error, retrying, onRetry, successor }: TeamsProblemProps) {
  const { code, message, hint } = explain(error);
  return (
    <section className="card empty" aria-labelledby="teams-problem">
      <h2 id="teams-problem">The teams could not be loaded</h2>
      <div className="problem" data-code={code} role="alert">
        <code>{code}</code>
        <p className="message">{message}</p>
        <p className="hint">{hint}</p>
      </div>
      <TransientButton
        className="button primary"
        successor={successor}
        aria-disabled={retrying}
        onClick={() => {
          if (!retrying) onRetry();
        }}
      >
        {retrying ? 'Trying…' : 'Try again'}
      </TransientButton>
    </section>
  );
}
