import { getOperationAST, type GraphQLSchema } from 'graphql';
import { createHandler } from 'graphql-http';
import type { AccessTokens } from './access-tokens.js';
import { jsonReply, type Endpoint, type Inbound, type Reply } from './http-exchange.js';

export interface GraphQLSettings {
  readonly schema: GraphQLSchema;
  readonly rootValue: unknown;
  readonly tokens: AccessTokens;
  readonly unauthorizedStatus: 200 | 401;
}

interface Operation {
  name: string | null;
}

/** `/graphql`: GraphQL over HTTP, behind an access token. */
export function graphqlEndpoint(settings: GraphQLSettings): Endpoint {
  const { schema, rootValue, tokens, unauthorizedStatus } = settings;
  const handler = createHandler<Inbound, Operation>({
    schema,
    rootValue,
    onOperation: (request, { document, operationName }, result) => {
      request.context.name = getOperationAST(document, operationName)?.name?.value ?? null;
      // Datasaur's envelope always carries it.
      return 'data' in result || 'errors' in result ? { ...result, extensions: {} } : undefined;
    },
  });
  return async (request) => {
    // Read first, whatever comes of it: the limit holds for everybody.
    const body = await request.body();
    if (!tokens.accepts(request.headers.authorization)) return unauthorized(request, unauthorizedStatus);
    const { method, target: url, headers } = request;
    const operation: Operation = { name: null };
    const [answer, { status, headers: answerHeaders }] = await handler({
      url,
      method,
      headers: { get: (name) => [headers[name]].flat()[0] ?? null },
      body,
      raw: request,
      context: operation,
    });
    return {
      status,
      headers: { ...answerHeaders },
      body: Buffer.from(answer ?? ''),
      operationName: operation.name,
    };
  };
}

function unauthorized(request: Inbound, status: 200 | 401): Reply {
  const envelope = {
    errors: [{ message: 'Unauthorized', extensions: { type: 'AuthenticationError' } }],
    extensions: {},
  };
  const type = /^\s*application\/graphql-response\+json\b/i.test(request.headers.accept ?? '')
    ? 'application/graphql-response+json; charset=utf-8'
    : 'application/json; charset=utf-8';
  return jsonReply(status, envelope, {
    'Content-Type': type,
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
  });
}
