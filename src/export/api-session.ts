import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { runQuery, type Circumstances, type QueryingClient, type Sending } from '../client/index.js';
import { abortable } from '../readiness/abortable.js';

/** What operations are run with. */
export interface ApiSession {
  client: QueryingClient;
  circumstances: Omit<Circumstances, 'sideEffects'> & { secrets: Set<string> };
  allowInsecureHttp: boolean;
}

/** Runs one operation; an abort ends it at once. @throws as `runQuery`, and ABORTED */
export async function ask<Data, Variables extends OperationVariables>(
  { client, circumstances }: ApiSession,
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { sideEffects, signal, onSending }: Sending & { sideEffects: boolean },
): Promise<Data> {
  return abortable(signal, async (inner) =>
    runQuery(client, query, variables, { ...circumstances, sideEffects, signal: inner, onSending }),
  );
}
