// @ts-check
// A Datasaur whose exports are always there: node datasaur.mjs '{"team id": "URL of its file", …}'
// It prints its own URL, and ends when its standard input does, so that it cannot outlive who started it.
import { createServer } from 'node:http';

const files = /** @type {Record<string, string>} */ (JSON.parse(process.argv[2] ?? '{}'));

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (/** @type {Buffer} */ chunk) => (body += chunk.toString()));
  request.on('end', () => {
    const { operationName, variables } =
      /** @type {{ operationName: string, variables: { input?: { teamId: string } } }} */ (JSON.parse(body));
    const fileUrl = files[variables.input?.teamId ?? ''];
    const data =
      operationName === 'ExportTeamOverview'
        ? { exportTeamOverview: { exportId: 'ExportQueue:1', fileUrl } }
        : { getExportDeliveryStatus: { deliveryStatus: 'DELIVERED', errors: [] } };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data, extensions: {} }));
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(`http://127.0.0.1:${address.port}`);
});
process.stdin.resume().on('end', () => process.exit());
