import { afterEach, describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  getIntrospectionQuery,
  graphqlSync,
  parse,
  printSchema,
  type IntrospectionOptions,
} from 'graphql';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadSchema, type LiveSchema, type SourceOptions } from '../../src/schema/sources.js';
import { newFolder } from '../cli/run-cli.js';
import {
  answer,
  closeApis,
  failureOf,
  freePort,
  json,
  scriptedApi,
  unauthorized200,
  unauthorized401,
  type Answer,
} from '../client/scripted-api.js';
import { introspection, ourSdl } from './projects.js';

const live = buildSchema(ourSdl);
const whole = { data: introspection(live) };
const megabyte = 1024 * 1024;

afterEach(closeApis);

function options(baseUrl: string, more: Partial<SourceOptions> = {}): SourceOptions {
  return { baseUrl, credentials: () => ({ accessToken: 'token-of-mine' }), ...more };
}

function nestedIntrospection(): string {
  const type = '{"kind":"LIST","name":null,"ofType":'.repeat(100_000) + 'null' + '}'.repeat(100_000);
  return JSON.stringify(whole).replace('"type":{', `"type":${type},"x":{`);
}

async function fromApi(...graphql: Answer[]): Promise<LiveSchema & { bodies: string[]; tokens: unknown[] }> {
  const api = await scriptedApi({ graphql });
  return {
    ...(await loadSchema(undefined, options(api.url))),
    bodies: api.operations.map(({ body }) => (JSON.parse(body) as { query: string }).query),
    tokens: api.operations.map(({ headers }) => headers.authorization),
  };
}

describe('the configured API', () => {
  it('is asked once, with its credentials, for all that introspection can tell', async () => {
    const { schema, bodies, tokens } = await fromApi(json(200, whole));
    expect(printSchema(schema)).toContain('exportTeamOverview(input: ExportTeamOverviewInput!)');
    expect(tokens).toEqual(['Bearer token-of-mine']);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toMatch(
      /inputFields\(includeDeprecated: true\)[^]*isOneOf|isOneOf[^]*inputFields\(includeDeprecated: true\)/,
    );
    // Nothing that is not in the query that GraphQL gives.
    expect(bodies[0]).not.toContain('__typename');
    expect(() => parse(bodies[0] ?? '')).not.toThrow();
  });

  it.each([200, 400])('that does not know newer fields is asked for less (HTTP %i)', async (status) => {
    const unknown = (field: string): Answer =>
      json(status, { errors: [{ message: `Cannot query field "${field}" on type "__Type".` }] });
    const { bodies } = await fromApi(
      unknown('isOneOf'),
      unknown('specifiedByURL'),
      unknown('x'),
      json(200, whole),
    );
    expect(bodies).toHaveLength(4);
    expect(bodies[1]).not.toContain('isOneOf');
    expect(bodies[1]).toContain('specifiedByURL');
    expect(bodies[2]).not.toContain('specifiedByURL');
    expect(bodies[2]).toContain('inputFields(includeDeprecated: true)');
    expect(bodies[3]).not.toMatch(/specifiedByURL|isRepeatable|inputFields\(/);
  });

  it('and what it tells is known', async () => {
    const asked = (options?: IntrospectionOptions): Answer => {
      const source = getIntrospectionQuery(options);
      return json(200, { data: graphqlSync({ schema: live, source }).data });
    };
    const deprecation = { inputValueDeprecation: true };
    expect((await fromApi(asked())).told).toEqual({ inputDeprecation: false, oneOf: false });
    expect((await fromApi(asked(deprecation))).told).toEqual({ inputDeprecation: true, oneOf: false });
    expect((await fromApi(json(200, whole))).told).toEqual({ inputDeprecation: true, oneOf: true });
  });

  it.each<[string, Answer, string, RegExp]>([
    ['Apollo Server without introspection', json(400, { errors: [{ message: 'GraphQL introspection is not allowed by Apollo Server, but the query contained __schema or __type. To enable introspection, pass introspection: true to ApolloServer in production', extensions: { code: 'INTROSPECTION_DISABLED' } }] }), 'SCHEMA_UNAVAILABLE', /^Introspection is refused there\. .*not allowed by Apollo Server/],
    ['graphql without introspection', json(200, { errors: [{ message: 'GraphQL introspection has been disabled, but the requested query contained the field "__schema".' }] }), 'SCHEMA_UNAVAILABLE', /^Introspection is refused/],
    ['a server that does not have the field', json(200, { errors: [{ message: 'Cannot query field "__schema" on type "Query".' }] }), 'SCHEMA_UNAVAILABLE', /^Introspection is refused/],
    ['a server that forbids it', json(200, { errors: [{ message: 'Introspection is not allowed for you', extensions: { code: 'FORBIDDEN' } }] }), 'SCHEMA_UNAVAILABLE', /^Introspection is refused/],
    ['a gateway without the field', json(200, { errors: [{ message: "field '__schema' not found in type: 'query_root'" }] }), 'SCHEMA_UNAVAILABLE', /^Introspection is refused/],
    ['a depth limit', json(400, { errors: [{ message: 'Query is too deep.' }] }), 'SCHEMA_UNAVAILABLE', /too deep/],
    ['a login page', answer(200, '<!doctype html><title>Log in</title>', { 'content-type': 'text/html' }), 'SCHEMA_UNAVAILABLE', /web page instead of GraphQL/],
    ['something else', json(200, { hello: 'world' }), 'SCHEMA_UNAVAILABLE', /./],
    ['an empty answer', answer(200, ''), 'SCHEMA_UNAVAILABLE', /empty answer/],
    ['half an answer', answer(200, JSON.stringify(whole).slice(0, 5000), { 'content-type': 'application/json' }), 'SCHEMA_UNAVAILABLE', /not GraphQL, or was cut off/],
    ['an introspection without types', json(200, { data: { __schema: { queryType: { name: 'Query' } } } }), 'SCHEMA_INVALID', /is not valid/],
    ['a wrong token', unauthorized401, 'AUTHENTICATION_FAILED', /refused the credentials/],
    ['a wrong token, said with 200', unauthorized200, 'AUTHENTICATION_FAILED', /refused the credentials/],
    ['403', answer(403, ''), 'PERMISSION_DENIED', /HTTP 403/],
    ['a redirect', answer(302, '', { location: 'https://login.example' }), 'API_REDIRECTED', /not followed/],
    ['500', answer(500, ''), 'API_HTTP_ERROR', /HTTP 500/],
  ])('%s is told', async (_name, graphql, code, message) => {
    const api = await scriptedApi({ graphql: [graphql] });
    const failure = await failureOf(loadSchema(undefined, options(api.url)));
    expect([failure.code, failure.message]).toEqual([code, expect.stringMatching(message)]);
    expect(failure.hint).not.toBe('');
    expect(JSON.stringify([failure, failure.cause])).not.toContain('token-of-mine');
    // Never does a refusal lead to many questions.
    expect(api.operations.length).toBeLessThanOrEqual(4);
  }); // prettier-ignore

  it('without credentials is not asked', async () => {
    const api = await scriptedApi({ graphql: [json(200, whole)] });
    const credentials = (): never => {
      throw new Error('none');
    };
    await expect(loadSchema(undefined, options(api.url, { credentials }))).rejects.toThrow('none');
    expect(api.operations).toEqual([]);
  });

  it('that is not there is told', async () => {
    const failure = await failureOf(loadSchema(undefined, options(`http://127.0.0.1:${await freePort()}`)));
    expect(failure.code).toBe('API_UNREACHABLE');
  });
});

describe('an answer of 40 MB', () => {
  it.each(['announced', 'as it comes'])('is given up long before its end (%s)', async (kind) => {
    let sent = 0;
    let closed: Promise<unknown> = Promise.resolve();
    const flood: Answer = async (response) => {
      const length = kind === 'announced' ? { 'content-length': String(40 * megabyte) } : {};
      closed = once(response, 'close');
      response.writeHead(200, { 'content-type': 'application/json', ...length });
      const block = Buffer.alloc(megabyte, ' ');
      for (; sent < 40 * megabyte && !response.destroyed; sent += megabyte)
        if (!response.write(block)) await Promise.race([once(response, 'drain'), closed]);
      response.end();
    };
    const api = await scriptedApi({ graphql: [flood] });
    const failure = await failureOf(loadSchema(undefined, options(api.url)));
    expect(failure.code).toBe('SCHEMA_TOO_LARGE');
    await closed;
    expect(sent).toBeLessThan(40 * megabyte);
    expect(api.operations).toHaveLength(1);
  });

  it('is given up also if it was sent as a few kilobytes', async () => {
    const small = gzipSync(Buffer.alloc(40 * megabyte, ' '));
    const flood: Answer = (response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(small);
    const api = await scriptedApi({ graphql: [flood] });
    expect((await failureOf(loadSchema(undefined, options(api.url)))).code).toBe('SCHEMA_TOO_LARGE');
  });

  it('is no limit for a schema of 9 MB', async () => {
    const { schema } = await fromApi(answer(200, JSON.stringify(whole) + ' '.repeat(9 * megabyte), { 'content-type': 'application/json' })); // prettier-ignore
    expect(schema.getType('Team')).toBeDefined();
  });
});

describe('--from a URL', () => {
  it('of the configured origin gets its credentials, any other none', async () => {
    const [own, other] = [await scriptedApi({ graphql: [json(200, whole)] }), await scriptedApi({ graphql: [json(200, whole)] })];
    await loadSchema(`${own.url}/graphql`, options(own.url));
    await loadSchema(`${other.url}/graphql`, options(own.url));
    expect(own.operations[0]?.headers.authorization).toBe('Bearer token-of-mine');
    expect(other.operations).toHaveLength(1);
    expect(other.operations[0]?.headers.authorization).toBeUndefined();
    expect(JSON.stringify(other)).not.toContain('token-of-mine');
  }); // prettier-ignore

  it('that wants credentials says why it got none', async () => {
    const other = await scriptedApi({ graphql: [unauthorized401] });
    const failure = await failureOf(loadSchema(`${other.url}/graphql`, options('https://datasaur.example')));
    expect([failure.code, failure.hint]).toEqual(['AUTHENTICATION_FAILED', expect.stringContaining('without credentials')]);
  }); // prettier-ignore

  it.each(['http://datasaur.example/graphql', 'ftp://datasaur.example/x', 'https://a:b@datasaur.example/graphql', 'file:///x', 'https://', ''])(
    '%s is refused',
    async (url) => {
      const failure = await failureOf(loadSchema(url, options('https://datasaur.example')));
      expect(failure.code).toBe('INVALID_ARGUMENT');
      expect(failure.message).not.toContain('a:b');
    },
  ); // prettier-ignore
});

describe('--from a file', () => {
  function file(text: string | Buffer): string {
    const path = join(newFolder(), 'live');
    writeFileSync(path, text);
    return path;
  }

  it.each([
    ['an answer', JSON.stringify(whole)],
    ['its data', JSON.stringify(whole.data)],
    ['an answer with a byte order mark', `\uFEFF\n${JSON.stringify(whole)}`],
    ['SDL', printSchema(live)],
    ['SDL with a byte order mark', `\uFEFF${printSchema(live)}`],
    ['SDL with directives that it does not define', printSchema(live).replace('type Team ', 'type Team @key(fields: "id") ')],
    ['SDL that is not valid elsewhere', `${printSchema(live)}\ntype Empty\ninterface I { a: Int }\ntype T implements I { b: Int }`],
  ])('%s', async (_name, text) => {
    const { schema } = await loadSchema(file(text), options('nonsense'));
    expect(schema.getQueryType()?.getFields()['exportTeamOverview']).toBeDefined();
  }); // prettier-ignore

  it.each<[string, string, string]>([
    ['JSON that is no introspection', '{"data":{"getAllTeams":[]}}', 'it is JSON, but not the answer to an introspection query'],
    ['an answer that is an error', '{"errors":[{"message":"no"}]}', 'it is JSON, but not'],
    ['a JSON array', '[1]', 'it is JSON, but not'],
    ['half a JSON', '{"data":{"__schema":', 'JSON'],
    ['half an introspection', '{"__schema":{"types":[]}}', 'is not valid'],
    ['an introspection of nothing', '{"__schema":{}}', 'it is not a whole answer to an introspection query'],
    ['an introspection with a type that is none', JSON.stringify(whole).replace('"types":[', '"types":[null,'), 'it is not a whole answer'],
    ['an introspection with a list that is none', JSON.stringify(whole).replace('"types":[', '"types":7,"x":['), 'it is not a whole answer'],
    ['an introspection with a description that is none', JSON.stringify(whole).replace(/"description":(null|"[^"]*")/, '"description":5'), 'a description in it is no text'],
    ['an introspection that is nested endlessly', nestedIntrospection(), 'it is nested too deeply'],
    ['SDL that is nested endlessly', `type Query { a: ${'['.repeat(50_000)}Int${']'.repeat(50_000)} }`, 'it is nested more than 500 deep'],
    ['malformed SDL', 'type Query {\n  a: }', 'line 2, column 6: Syntax Error'],
    ['SDL with a type that is not there', 'type Query { a: B }', 'Unknown type "B"'],
    ['SDL that says a thing twice', 'type Query { a: Int } type Query { b: Int }', 'There can be only one type named "Query"'],
    ['operations', 'query A { a }', 'it has no query type'],
    ['nothing', '', 'Syntax Error'],
    ['a login page', '<!doctype html><title>Log in</title>', 'Syntax Error'],
    ['what is no text', '\0\x01\x02', 'Syntax Error'],
  ])('%s is told', async (_name, text, message) => {
    const failure = await failureOf(loadSchema(file(text), options('nonsense')));
    expect([failure.code, failure.message]).toEqual(['SCHEMA_INVALID', expect.stringMatching(message)]);
  }); // prettier-ignore

  it('that is missing, a folder or too large is told', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'folder.graphql'));
    const missing = await failureOf(loadSchema(join(folder, 'missing.json'), options('nonsense')));
    expect([missing.code, missing.message]).toEqual(['SCHEMA_UNAVAILABLE', expect.stringContaining('ENOENT')]);
    const directory = await failureOf(loadSchema(join(folder, 'folder.graphql'), options('nonsense')));
    expect([directory.code, directory.message]).toEqual(['SCHEMA_UNAVAILABLE', expect.stringContaining('EISDIR')]);
    const large = await failureOf(loadSchema(file(Buffer.alloc(33 * megabyte, ' ')), options('nonsense')));
    expect(large.code).toBe('SCHEMA_TOO_LARGE');
  }); // prettier-ignore

  it('is not opened where it is no ordinary file, which may never end', async () => {
    const folder = newFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('pipe', join(folder, 'link'));
    for (const path of [join(folder, 'pipe'), join(folder, 'link'), '/dev/zero', '/dev/null']) {
      const failure = await failureOf(loadSchema(path, options('nonsense')));
      expect([failure.code, failure.message]).toEqual(['SCHEMA_UNAVAILABLE', expect.stringContaining('not an ordinary file')]);
    }
    symlinkSync(file(printSchema(live)), join(folder, 'schema'));
    expect((await loadSchema(join(folder, 'schema'), options('nonsense'))).schema.getType('Team')).toBeDefined();
  }); // prettier-ignore
});
