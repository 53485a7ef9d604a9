import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { getOperationAST, type DocumentNode } from 'graphql';
import type { DatasaurExportError } from '../../src/errors/index.js';
import type { RangeFetch } from '../../src/readiness/index.js';
import type { ExportEvent } from '../../src/react/export-state.js';
import { travel, type JourneyOptions, type StartRequest } from '../../src/react/journey.js';
import { failureOf } from '../client/scripted-api.js';
import { missing, there } from '../readiness/fake-fetch.js';

const signed =
  'https://files.example/export/1/Team%20Overview%20-%20Team%20Alvin.zip?X-Amz-Signature=topsecret';

interface Asked {
  operation: string;
  variables: unknown;
  signal: AbortSignal;
}

interface Script {
  fileUrl?: string | null;
  fileUrlExpiredAt?: string | null;
  deliveryStatus?: string;
}

/** As much of an Apollo Client as the journey uses. */
function scriptedClient({
  fileUrl = signed,
  fileUrlExpiredAt = null,
  deliveryStatus = 'IN_PROGRESS',
}: Script = {}) {
  const asked: Asked[] = [];
  const query = async (options: {
    query: DocumentNode;
    variables: unknown;
    fetchPolicy: string;
    context: { queryDeduplication: boolean; fetchOptions: { signal: AbortSignal } };
  }): Promise<unknown> => {
    const operation = getOperationAST(options.query)?.name?.value ?? '';
    expect([options.fetchPolicy, options.context.queryDeduplication]).toEqual(['no-cache', false]);
    asked.push({ operation, variables: options.variables, signal: options.context.fetchOptions.signal });
    const errors = [{ id: '7', stack: 'Error: no space' }];
    const data =
      operation === 'ExportTeamOverview'
        ? { exportTeamOverview: { exportId: 'ExportQueue:1', fileUrl, fileUrlExpiredAt } }
        : { getExportDeliveryStatus: { deliveryStatus, errors } };
    return Promise.resolve({ data });
  };
  return { client: { query } as unknown as JourneyOptions['client'], asked };
}

function scriptedFetch(...answers: ReturnType<RangeFetch>[]) {
  const sent: { url: string; range: string | undefined; signal: AbortSignal }[] = [];
  const fetch: RangeFetch = async (url, { headers, signal }) => {
    sent.push({ url, range: headers['range'], signal });
    return answers[Math.min(sent.length, answers.length) - 1]!;
  };
  return { fetch, sent };
}

const settled = async (answer: Awaited<ReturnType<RangeFetch>>): ReturnType<RangeFetch> =>
  Promise.resolve(answer);

async function journey(
  request: StartRequest,
  options: JourneyOptions,
  signal = new AbortController().signal,
) {
  const events: ExportEvent[] = [];
  const report = (event: ExportEvent): void => void events.push(event);
  await travel(request, options, { report, signal });
  return events;
}

describe('FILE_STORAGE', () => {
  test('requested, attempted, arrived; one byte asked for each time, and the opening closed', async () => {
    const { client, asked } = scriptedClient({ fileUrlExpiredAt: '2030-01-01T00:00:00Z' });
    const { fetch, sent } = scriptedFetch(settled(missing()), settled(there()));
    const expiresAt = new Date('2030-01-01T00:00:00Z');
    expect(await journey({ teamId: '121' }, { client, fetch })).toEqual([
      { type: 'requested', exportId: 'ExportQueue:1', expiresAt },
      {
        type: 'attempted',
        attempt: { number: 1, elapsed: expect.any(Number), seen: '404 NoSuchKey', ready: false },
      },
      { type: 'attempted', attempt: { number: 2, elapsed: expect.any(Number), seen: '206', ready: true } },
      {
        type: 'arrived',
        file: { url: signed, fileName: 'Team Overview - Team Alvin.zip', size: 42, etag: '"abc"', expiresAt },
      },
    ]);
    expect(sent.map(({ url, range }) => [url, range])).toEqual([
      [signed, 'bytes=0-0'],
      [signed, 'bytes=0-0'],
    ]);
    expect(sent.every(({ signal }) => signal.aborted)).toBe(true);
    expect(asked[0]).toMatchObject({
      operation: 'ExportTeamOverview',
      variables: { input: { teamId: '121', method: 'FILE_STORAGE' } },
    });
    expect(asked.filter(({ operation }) => operation === 'ExportTeamOverview')).toHaveLength(1);
  });

  test('a file name that would rewrite the page’s text is cleaned', async () => {
    const { client } = scriptedClient({ fileUrl: 'https://f.example/a%E2%80%AEgpj.zip?s=1' });
    const { fetch } = scriptedFetch(settled(there()));
    expect((await journey({ teamId: '121' }, { client, fetch })).at(-1)).toMatchObject({
      file: { fileName: 'a gpj.zip' },
    });
  });

  test('the default fetch is the browser’s own', async () => {
    const original = globalThis.fetch;
    const own = jest.fn<typeof fetch>(async () =>
      Promise.resolve(new Response('x', { status: 206, headers: { 'content-range': 'bytes 0-0/9' } })),
    );
    globalThis.fetch = own;
    try {
      const { client } = scriptedClient();
      expect((await journey({ teamId: '121' }, { client })).at(-1)).toMatchObject({ file: { size: 9 } });
      expect(own.mock.calls[0]?.[1]).toMatchObject({
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'manual',
      });
    } finally {
      globalThis.fetch = original;
    }
  });

  test('FAILED ends it', async () => {
    const { client } = scriptedClient({ deliveryStatus: 'FAILED' });
    const { fetch } = scriptedFetch(settled(missing()));
    const error = await failureOf(journey({ teamId: '121' }, { client, fetch }));
    expect([error.code, error.message]).toEqual(['EXPORT_FAILED', expect.stringContaining('no space')]);
  });

  test('the timeout is NOT_READY', async () => {
    const { client } = scriptedClient();
    const { fetch } = scriptedFetch(settled(missing()));
    const error = await failureOf(journey({ teamId: '121' }, { client, fetch, timeout: '300ms' }));
    expect(error.code).toBe('NOT_READY');
  });

  test.each([
    ['FILE_URL_MISSING', null],
    ['FILE_URL_REFUSED', 'http://files.example/a.zip'],
  ])('%s without a look at the host', async (code, fileUrl) => {
    const { client } = scriptedClient({ fileUrl });
    const { fetch, sent } = scriptedFetch(settled(there()));
    const error = await failureOf(journey({ teamId: '121' }, { client, fetch }));
    expect([error.code, sent.length]).toEqual([code, 0]);
  });

  test('plain http only where it is allowed', async () => {
    const { client } = scriptedClient({ fileUrl: 'http://files.example/a.zip' });
    const { fetch } = scriptedFetch(settled(there()));
    const events = await journey({ teamId: '121' }, { client, fetch, allowInsecureHttp: true });
    expect(events.at(-1)).toMatchObject({ file: { url: 'http://files.example/a.zip' } });
  });
});

test('EMAIL is mailed, and the file host is left alone', async () => {
  const { client, asked } = scriptedClient();
  const { fetch, sent } = scriptedFetch(settled(there()));
  expect(await journey({ teamId: '121', method: 'EMAIL' }, { client, fetch })).toEqual([
    { type: 'mailed', exportId: 'ExportQueue:1' },
  ]);
  expect([asked.length, sent.length]).toEqual([1, 0]);
});

test.each<[string, StartRequest, Omit<JourneyOptions, 'client'>]>([
  ['a blank team id', { teamId: ' ' }, {}],
  ['a click handler’s event', {} as StartRequest, {}],
  ['a method without a result to show', { teamId: '121', method: 'CUSTOM_WEBHOOK' as never }, {}],
  ['a timeout that is none', { teamId: '121' }, { timeout: 'soon' }],
  ['no patience', { teamId: '121' }, { patience: 0 }],
  ['an expectation that is none', { teamId: '121' }, { expected: -1 }],
])('%s is INVALID_ARGUMENT, and nothing is sent', async (_, request, options) => {
  const { client, asked } = scriptedClient();
  const error: DatasaurExportError = await failureOf(journey(request, { client, ...options }));
  expect([error.code, asked.length]).toEqual(['INVALID_ARGUMENT', 0]);
});

test.each(['while requesting', 'while waiting'])(
  'an abort %s ends it, and leaves no listener',
  async (when) => {
    const gone = new AbortController();
    const { client, asked } = scriptedClient();
    if (when === 'while requesting') client.query = async () => new Promise(() => undefined);
    const { fetch, sent } = scriptedFetch(new Promise(() => undefined));
    const ended = failureOf(journey({ teamId: '121' }, { client, fetch }, gone.signal));
    await sleep(50);
    expect(sent).toHaveLength(when === 'while waiting' ? 1 : 0);
    expect(getEventListeners(gone.signal, 'abort')).toHaveLength(1);
    gone.abort();
    expect((await ended).code).toBe('ABORTED');
    expect([...sent, ...asked].every(({ signal }) => signal.aborted)).toBe(true);
    expect(getEventListeners(gone.signal, 'abort')).toHaveLength(0);
  },
);

test('an arrival leaves no listener', async () => {
  const { signal } = new AbortController();
  const { client } = scriptedClient();
  const { fetch } = scriptedFetch(settled(missing()), settled(there()));
  await journey({ teamId: '121' }, { client, fetch }, signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
