import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import type { Circumstances, LazyClient, Sending } from '../client/index.js';
import { abortable } from '../readiness/abortable.js';

/** What operations are run with. */
export interface ApiSession {
  client: LazyClient;
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
  return abortable(signal, async (inner) => {
    const [{ runQuery }, api] = await Promise.all([import('../client/run-query.js'), client()]);
    return runQuery(api, query, variables, { ...circumstances, sideEffects, signal: inner, onSending });
  });
}
