import { writeFileSync } from 'node:fs';
import { type ApiAct, type ApiOperation, json, serve, type Act } from './faulty-host.js';
import { cutBody, narrow } from './network-faults.js';
import { sizes } from './exported-archive.js';
import { file, kept, nothing, precious, type Failure, type Outcome, type Row, type Scene } from './row.js';

/* Rows that need more than a rule for one request. */

/** Breaks the API, and leaves the rest well. */
const ofApi = (fault: string, operation: ApiOperation, act: ApiAct, outcome: Outcome, times = Infinity): Row => ({
  fault: `${operation === 'ExportTeamOverview' ? 'export' : operation === 'token' ? 'token' : 'status'}: ${fault}`,
  stage: 'request',
  size: 'small',
  outcome,
  arrange: ({ host }) => {
    host.api[operation] = { times, act };
    // The status is asked only where the file is not there at once.
    if (operation === 'GetExportDeliveryStatus') host.rules = [{ at: 0, times: 6, act: ({ response }) => response.writeHead(404).end() }];
  },
}); // prettier-ignore

const answer = (status: number, body = '', headers: Record<string, string> = {}): ApiAct =>
  (response) => response.writeHead(status, headers).end(body); // prettier-ignore
const part: ApiAct = (response) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': 200 }).write('{"data":'); // prettier-ignore
const reset: ApiAct = (_, request) => request.socket.resetAndDestroy();
const silence: ApiAct = () => undefined;
const web = answer(200, '<!doctype html><title>Log in</title>', { 'content-type': 'text/html' });
const lost = nothing('EXPORT_MAY_HAVE_STARTED');
const unauthorized: ApiAct = (response) => {
  json(response, { errors: [{ message: 'Unauthorized', extensions: { type: 'AuthenticationError' } }] });
};
const status =
  (deliveryStatus: string): ApiAct =>
  (response) => {
    json(response, { data: { getExportDeliveryStatus: { deliveryStatus, errors: [] } } });
  };

export const apiRows: Row[] = [
  ofApi('reset', 'token', reset, nothing('API_UNREACHABLE')),
  ofApi('no answer', 'token', silence, nothing('API_UNREACHABLE')),
  ofApi('503', 'token', answer(503), nothing('TOKEN_REQUEST_FAILED')),
  ofApi('401', 'token', answer(401, '{"error":"invalid_client"}'), nothing('AUTHENTICATION_FAILED')),
  ofApi('web page', 'token', web, nothing('TOKEN_REQUEST_FAILED')),
  ofApi('redirect', 'token', answer(307, '', { location: '/elsewhere' }), nothing('TOKEN_REQUEST_FAILED')),
  ofApi('reset', 'ExportTeamOverview', reset, lost),
  ofApi('no answer', 'ExportTeamOverview', silence, lost),
  ofApi('body stops', 'ExportTeamOverview', part, lost),
  ofApi('short body', 'ExportTeamOverview', (response, request) => {
    part(response, request);
    setTimeout(() => request.socket.end(), 20);
  }, lost),
  ofApi('503 and Retry-After', 'ExportTeamOverview', answer(503, '', { 'retry-after': '1' }), nothing('API_HTTP_ERROR')),
  ofApi('429 and Retry-After', 'ExportTeamOverview', answer(429, '', { 'retry-after': '1' }), nothing('API_RATE_LIMITED')),
  ofApi('redirect', 'ExportTeamOverview', answer(307, '', { location: '/elsewhere' }), nothing('API_REDIRECTED')),
  ofApi('web page', 'ExportTeamOverview', web, nothing('API_INVALID_RESPONSE')),
  ofApi('cut JSON', 'ExportTeamOverview', answer(200, '{"data":{"exp', { 'content-type': 'application/json' }), nothing('API_INVALID_RESPONSE')),
  ofApi('Unauthorized, once', 'ExportTeamOverview', unauthorized, file, 1),
  ofApi('Unauthorized', 'ExportTeamOverview', unauthorized, nothing('AUTHENTICATION_FAILED')),
  ofApi('no answer', 'GetExportDeliveryStatus', silence, file),
  ofApi('reset', 'GetExportDeliveryStatus', reset, file),
  ofApi('500', 'GetExportDeliveryStatus', answer(500), file),
  ofApi('PAUSED, which is unknown', 'GetExportDeliveryStatus', status('PAUSED'), file),
  ofApi('FAILED', 'GetExportDeliveryStatus', status('FAILED'), nothing('EXPORT_FAILED')),
  { fault: 'export: connection refused', stage: 'request', size: 'small', outcome: nothing('API_UNREACHABLE'), arrange: ({ host }) => { host.goAway(); }, hits: () => 1 },
  { fault: 'export: no such host', stage: 'request', size: 'small', outcome: nothing('API_UNREACHABLE'), fetch: noSuchHost(() => true), hits: () => 1 },
  { fault: 'no such host after the request', stage: 'wait', size: 'small', outcome: nothing('NOT_READY'), fetch: noSuchHost((request) => request.includes('bytes=')), hits: () => 1 },
]; // prettier-ignore

/** The name of the host cannot be resolved, for requests of which this holds, given their URL and range. */
function noSuchHost(holds: (request: string) => boolean, times = Infinity): NonNullable<Row['fetch']> {
  return ({ host }) =>
    async (input, init) => {
      const request = `${input instanceof Request ? input.url : input.toString()} ${JSON.stringify(init?.headers ?? {})}`;
      if (!holds(request) || host.hits >= times) return fetch(input, init);
      host.hits += 1;
      // As Node's fetch fails, without asking any resolver.
      const cause = Object.assign(new Error('getaddrinfo ENOTFOUND files.invalid'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
      throw new TypeError('fetch failed', { cause });
    }; // prettier-ignore
}

const middle = { small: sizes.small >> 1, large: Math.floor(sizes.large * 0.53) };
const last = { small: sizes.small - 1, large: sizes.large - 1 };

/** Something else happens just when a byte is asked for, and then it is served. */
const meanwhile = (what: (scene: Scene) => void, at: number): NonNullable<Row['arrange']> => (scene) => {
  const act: Act = (exchange) => {
    what(scene);
    serve(exchange);
  };
  scene.host.rules = [{ at, times: 1, act: narrow }, { at, times: 1, act }];
}; // prettier-ignore

/** The caller aborts when all before this byte has come, and nothing comes any more. */
const aborting = (at: number): NonNullable<Row['arrange']> => (scene) => {
  const act: Act = async (exchange) => {
    if (at > 0) await cutBody('stall')(exchange);
    setTimeout(scene.abort, 30);
  };
  scene.host.rules = [{ at, act }];
}; // prettier-ignore

const appear = ({ target }: Scene): void => {
  writeFileSync(target, precious);
};

export const meanwhileRows: Row[] = (['small', 'large'] as const).flatMap((size): Row[] => [
  { fault: 'target appears', stage: 'middle', size, outcome: nothing('FILE_EXISTS'), appears: true, arrange: meanwhile(appear, middle[size]) },
  { fault: 'target appears', stage: 'last byte', size, outcome: nothing('FILE_EXISTS'), appears: true, arrange: meanwhile(appear, last[size]) },
  { fault: 'aborted', stage: 'wait', size, outcome: nothing('ABORTED'), arrange: aborting(0) },
  { fault: 'aborted', stage: 'middle', size, outcome: abortedAt(size), arrange: aborting(middle[size]) },
  { fault: 'aborted', stage: 'last byte', size, outcome: abortedAt(size), arrange: aborting(last[size]) },
  { fault: 'no such host, twice', stage: 'wait', size, outcome: file, fetch: noSuchHost(() => true, 2) },
  { fault: 'no such host', stage: 'wait', size, outcome: nothing('NOT_READY'), fetch: noSuchHost(() => true) },
]).filter(({ stage, size }) => stage !== 'wait' || size === 'small'); // prettier-ignore

function abortedAt(size: Row['size']): Failure {
  return size === 'large' ? kept('ABORTED') : { code: 'ABORTED', leaves: 'may keep' };
}

/** In the middle: connections are closed, and from then on no name is resolved. */
export const resolverRows: Row[] = (['small', 'large'] as const).flatMap((size): Row[] =>
  ([2, Infinity] as const).map((times) => ({
    fault: times === 2 ? 'no such host, twice' : 'no such host',
    stage: 'middle',
    size,
    outcome: times === 2 ? file : kept('DOWNLOAD_INTERRUPTED'),
    arrange: ({ host }) => {
      host.rules = [{ at: middle[size], times: 1, act: narrow }];
    },
    fetch: (scene) => noSuchHost(() => scene.host.hits > 0, times + 1)(scene),
  })),
);
