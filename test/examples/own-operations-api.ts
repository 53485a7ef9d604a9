import { buildSchema, graphql } from 'graphql';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Sandbox } from '../../src/sandbox/index.js';
import { liveSdl } from '../schema/projects.js';

/** Datasaur with more in its schema than our fragment has; for exports, the sandbox is behind it. */
export async function startLargerDatasaur(sandbox: Sandbox): Promise<{ url: string; close: () => void }> {
  const schema = buildSchema(
    liveSdl([
      '  setting: TeamSetting',
      '  "Where its picture is; null if it has none."\n  logoURL: String\n  members: [Member!]!\n  setting: TeamSetting',
    ]) + '\ntype Member { email: String! }',
  );
  const rootValue = {
    getAllTeams: [{ id: '121', name: 'Team Alvin', logoURL: 'https://logos.example/121.png', members: [] }],
  };
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const { query, variables, operationName } = JSON.parse(body) as Record<string, string>;
      const { authorization = '' } = request.headers;
      const answer =
        operationName?.includes('Export') === true
          ? await (await fetch(`${sandbox.url}/graphql`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body })).text() // prettier-ignore
          : authorization === `Bearer ${sandbox.accessToken}`
            ? JSON.stringify(
                await graphql({ schema, source: query!, rootValue, variableValues: variables as never }),
              )
            : '{"errors":[{"message":"Unauthorized","extensions":{"type":"AuthenticationError"}}]}';
      response.setHeader('content-type', 'application/json').end(answer);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
