import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { act, cleanup, fireEvent, render, renderHook, screen, waitFor, within } from '@testing-library/react';
import { StrictMode, useEffect, useState } from 'react';
import { renderToString } from 'react-dom/server';
import {
  useTeamOverviewExport,
  type StartRequest,
  type TeamOverviewExport,
  type TeamOverviewExportOptions,
} from '../../src/react/index.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { closeApis, hang, scriptedApi } from '../client/scripted-api.js';
import { clientOf, ExportRow, Provided } from './export-page.js';

const sandboxes: Sandbox[] = [];
/** What React complains of; and what the library would complain of. */
let complaints: jest.SpiedFunction<typeof console.error>;

beforeEach(() => {
  complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(async () => {
  cleanup();
  await Promise.all(sandboxes.splice(0).map(async (sandbox) => sandbox.close()));
  closeApis();
  const said = complaints.mock.calls.map((parts) => parts.map(String).join(' '));
  complaints.mockRestore();
  expect(said).toEqual([]);
});

async function sandboxOf(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ readyAfter: '300ms', ...options });
  sandboxes.push(sandbox);
  return sandbox;
}

interface Held {
  /** What the hook returned at the latest render. */
  now: () => TeamOverviewExport;
  statuses: string[];
  unmount: () => void;
  start: (request?: StartRequest) => void;
}

function hold(api: { url: string; accessToken?: string }, options?: TeamOverviewExportOptions): Held {
  const client = clientOf(api);
  const statuses: string[] = [];
  const { result, unmount } = renderHook(
    () => {
      const overview = useTeamOverviewExport(options);
      if (statuses.at(-1) !== overview.status) statuses.push(overview.status);
      return overview;
    },
    { wrapper: ({ children }) => <Provided client={client}>{children}</Provided> },
  );
  const start = (request: StartRequest = { teamId: '121' }): void => {
    act(() => {
      result.current.start(request);
    });
  };
  return { now: () => result.current, statuses, unmount, start };
}

const until = async (held: Held, status: string): Promise<void> =>
  waitFor(
    () => {
      expect(held.now().status).toBe(status);
    },
    { timeout: 10_000 },
  );

const exportRequests = ({ requests }: Sandbox): number =>
  requests.filter(({ operationName }) => operationName === 'ExportTeamOverview').length;

describe('the journey', () => {
  test('FILE_STORAGE: requesting, waiting, ready; the link leads to the very file', async () => {
    const sandbox = await sandboxOf();
    const held = hold(sandbox);
    expect(held.now()).toMatchObject({ status: 'idle', elapsed: 0, attempts: [], error: null });
    held.start();
    await until(held, 'ready');
    expect(held.statuses).toEqual(['idle', 'requesting', 'waiting', 'ready']);
    const { exportId, size, file, expiresAt, elapsed, attempts, teamId } = held.now();
    const [started] = sandbox.exports;
    const archive = await sandbox.archiveOf(started!.exportId);
    expect({ exportId, teamId, size }).toEqual({
      exportId: started!.exportId,
      teamId: '121',
      size: archive.length,
    });
    expect(file).toMatchObject({ fileName: 'Team Overview - Team Alvin.zip', size, expiresAt });
    expect(expiresAt).toEqual(new Date(Math.floor(started!.fileUrlExpiredAt!.getTime() / 1000) * 1000));
    expect(elapsed).toBeGreaterThanOrEqual(300);
    expect(attempts.map(({ seen }) => seen)).toEqual([
      ...attempts.slice(1).map(() => '404 NoSuchKey'),
      '206',
    ]);
    expect(attempts.length).toBeGreaterThan(1);
    const link = document.createElement('a');
    link.href = file!.url;
    expect(Buffer.from(await (await fetch(link.href)).arrayBuffer()).equals(archive)).toBe(true);
    expect(exportRequests(sandbox)).toBe(1);
  });

  test('EMAIL: mailed', async () => {
    const sandbox = await sandboxOf({ readyAfter: 0 });
    const held = hold(sandbox);
    held.start({ teamId: '121', method: 'EMAIL' });
    await until(held, 'mailed');
    expect(held.statuses).toEqual(['idle', 'requesting', 'mailed']);
    expect(sandbox.outbox.map(({ exportId }) => exportId)).toEqual([held.now().exportId]);
    expect(sandbox.requests.filter(({ kind }) => kind === 'object')).toEqual([]);
  });

  test.each<[string, SandboxOptions, StartRequest]>([
    ['EXPORT_FAILED', { failures: { '121': 'FAILED' } }, { teamId: '121' }],
    ['URL_EXPIRED', { failures: { '121': 'EXPIRED_URL' } }, { teamId: '121' }],
    ['NOT_READY', { failures: { '121': 'NEVER_READY' } }, { teamId: '121' }],
    ['PERMISSION_DENIED', {}, { teamId: '125' }],
    ['GRAPHQL_ERROR', {}, { teamId: '999' }],
    ['INVALID_ARGUMENT', {}, { teamId: '' }],
  ])('%s, with what to do', async (code, options, request) => {
    const held = hold(await sandboxOf(options), { timeout: '2s' });
    held.start(request);
    await until(held, 'failed');
    const { error, file, size } = held.now();
    expect([error?.code, file, size]).toEqual([code, null, null]);
    expect(error?.hint).not.toBe('');
  });

  test.each([200, 401] as const)('AUTHENTICATION_FAILED, with HTTP %i', async (unauthorizedStatus) => {
    const { url } = await sandboxOf({ unauthorizedStatus });
    const held = hold({ url, accessToken: 'wrong' });
    held.start();
    await until(held, 'failed');
    expect(held.now().error?.code).toBe('AUTHENTICATION_FAILED');
  });

  test('no answer of the API', async () => {
    const held = hold({ url: 'http://127.0.0.1:9' });
    held.start();
    await until(held, 'failed');
    expect(held.now().error?.code).toMatch(/^(API_UNREACHABLE|EXPORT_MAY_HAVE_STARTED)$/);
  });

  test('the seconds are told while nothing else happens', async () => {
    const sandbox = await sandboxOf({ failures: { '121': 'NEVER_READY' } });
    const held = hold(sandbox, { patience: 10_000 });
    held.start();
    await waitFor(
      () => {
        expect(held.now().elapsed).toBeGreaterThanOrEqual(1000);
      },
      { timeout: 3000 },
    );
    expect(held.now()).toMatchObject({ status: 'waiting', attempts: [{ number: 1 }] });
  });
});

describe('one click is one export', () => {
  test('a double click, and clicks while it is under way', async () => {
    const sandbox = await sandboxOf();
    render(<ExportRow />, {
      wrapper: ({ children }) => <Provided client={clientOf(sandbox)}>{children}</Provided>,
    });
    const button = screen.getByText('Export');
    // Twice within one turn, before React has drawn anything.
    act(() => {
      button.click();
      button.click();
    });
    fireEvent.doubleClick(button);
    await screen.findByText('waiting');
    fireEvent.click(button);
    await screen.findByText('ready', {}, { timeout: 5000 });
    await sleep(100);
    expect([sandbox.exports.length, exportRequests(sandbox)]).toEqual([1, 1]);
    expect(screen.getByRole('link').getAttribute('href')).toBe(sandbox.exports[0]!.fileUrl);
    fireEvent.click(button);
    await screen.findByText('requesting');
    await screen.findByText('ready', {}, { timeout: 5000 });
    expect([sandbox.exports.length, exportRequests(sandbox)]).toEqual([2, 2]);
  });

  test('a storm of renders, with other options each time', async () => {
    const sandbox = await sandboxOf();
    const client = clientOf(sandbox);
    let renders = 0;
    const row = (): React.ReactElement => (
      <Provided client={client}>
        <ExportRow patience={1 + (renders % 3)} onAttempt={() => undefined} onRender={() => (renders += 1)} />
      </Provided>
    );
    const { rerender } = render(row());
    fireEvent.click(screen.getByText('Export'));
    while (screen.queryByText('ready') === null) {
      rerender(row());
      await act(async () => sleep(2));
    }
    expect(renders).toBeGreaterThan(50);
    expect(exportRequests(sandbox)).toBe(1);
  });

  test('two hooks in one page are two exports, and one’s end is not the other’s', async () => {
    const sandbox = await sandboxOf({ failures: { '122': 'FAILED' } });
    render(
      <Provided client={clientOf(sandbox)}>
        <ExportRow request={{ teamId: '121' }} />
        <ExportRow request={{ teamId: '122' }} />
        <ExportRow request={{ teamId: '123' }} />
      </Provided>,
    );
    const rows = ['121', '122', '123'].map((name) => within(screen.getByRole('region', { name })));
    const [first, second, third] = rows;
    for (const row of rows) fireEvent.click(row.getByText('Export'));
    fireEvent.click(third!.getByText('Cancel'));
    await second!.findByText('EXPORT_FAILED', {}, { timeout: 5000 });
    await first!.findByText('ready', {}, { timeout: 5000 });
    expect(third!.getByText('ABORTED')).toBeTruthy();
    expect(sandbox.exports.map(({ teamId }) => teamId).sort()).toEqual(['121', '122']);
  });

  test('started by the effect of a child, which StrictMode runs twice', async () => {
    const sandbox = await sandboxOf();
    function Child({ start }: Pick<TeamOverviewExport, 'start'>) {
      useEffect(() => {
        start({ teamId: '121' });
      }, [start]);
      return null;
    }
    function Parent() {
      const { status, start } = useTeamOverviewExport();
      return (
        <output>
          {status}
          <Child start={start} />
        </output>
      );
    }
    render(
      <Provided client={clientOf(sandbox)}>
        <Parent />
      </Provided>,
    );
    await screen.findByText('ready', {}, { timeout: 5000 });
    expect(exportRequests(sandbox)).toBe(1);
  });

  test('starting while rendering is an error, and starts nothing', async () => {
    const sandbox = await sandboxOf();
    const client = clientOf(sandbox);
    function Wrong() {
      const { start } = useTeamOverviewExport({ client });
      start({ teamId: '121' });
      return null;
    }
    expect(() => render(<StrictMode><Wrong /></StrictMode>)).toThrow(/while rendering/); // prettier-ignore
    complaints.mockClear();
    await sleep(100);
    expect(sandbox.requests).toEqual([]);
  });
});

describe('cancel and reset', () => {
  test('cancelling at once sends nothing, and says so', async () => {
    const sandbox = await sandboxOf();
    const held = hold(sandbox);
    act(() => {
      held.now().start({ teamId: '121' });
      held.now().cancel();
    });
    expect(held.now()).toMatchObject({
      status: 'failed',
      error: { code: 'ABORTED', hint: 'Nothing was started.' },
    });
    await sleep(200);
    expect(sandbox.requests).toEqual([]);
  });

  test('cancelling while requesting says that an export may have been started', async () => {
    const api = await scriptedApi({ graphql: [hang] });
    const held = hold(api);
    held.start();
    await waitFor(() => {
      expect(api.operations).toHaveLength(1);
    });
    act(held.now().cancel);
    expect(held.now()).toMatchObject({
      status: 'failed',
      error: { code: 'ABORTED', hint: 'An export may have been started.' },
    });
  });

  test.each(['cancel', 'reset', 'unmount'] as const)('%s while waiting: no request follows', async (how) => {
    const sandbox = await sandboxOf({ failures: { '121': 'NEVER_READY' } });
    const held = hold(sandbox);
    held.start();
    await waitFor(() => {
      expect(held.now().attempts.length).toBeGreaterThan(1);
    });
    const { attempts } = held.now();
    if (how === 'unmount') held.unmount();
    else act(held.now()[how]);
    const before = sandbox.requests.length;
    const left = held.now();
    await sleep(700);
    expect(sandbox.requests).toHaveLength(before);
    expect(held.now()).toBe(left);
    expect(left.status).toBe({ cancel: 'failed', reset: 'idle', unmount: 'waiting' }[how]);
    expect(left.attempts).toEqual(how === 'reset' ? [] : attempts);
  });

  test('reset while requesting, and another start at once', async () => {
    const sandbox = await sandboxOf();
    const held = hold(sandbox);
    act(() => {
      held.now().start({ teamId: '121' });
      held.now().reset();
      held.now().start({ teamId: '122' });
    });
    await until(held, 'ready');
    expect(sandbox.exports.map(({ teamId }) => teamId)).toEqual(['122']);
    act(held.now().reset);
    expect(held.now()).toMatchObject({ status: 'idle', file: null, exportId: null });
  });
});

describe('unmounting', () => {
  test('before the journey has been loaded: nothing is sent, and start does nothing from then on', async () => {
    const sandbox = await sandboxOf();
    const held = hold(sandbox);
    held.start();
    held.unmount();
    held.start();
    await sleep(300);
    expect(sandbox.requests).toEqual([]);
    expect(held.statuses).toEqual(['idle', 'requesting']);
  });

  test('while requesting drops the connection', async () => {
    let dropped = (): void => undefined;
    const gone = new Promise<void>((resolve) => (dropped = resolve));
    const api = await scriptedApi({ graphql: [(response) => response.once('close', dropped)] });
    const held = hold(api);
    held.start();
    await waitFor(() => {
      expect(api.operations).toHaveLength(1);
    });
    held.unmount();
    await gone;
    await sleep(200);
    expect([api.operations.length, held.statuses]).toEqual([1, ['idle', 'requesting']]);
  });

  test('when ready leaves nothing to happen', async () => {
    const held = hold(await sandboxOf());
    held.start();
    await until(held, 'ready');
    const left = held.now();
    held.unmount();
    await sleep(1200);
    expect(held.now()).toBe(left);
  });

  test('and mounting anew is a hook as good as new', async () => {
    const sandbox = await sandboxOf();
    const client = clientOf(sandbox);
    function Page() {
      const [shown, show] = useState(true);
      return (
        <>
          <button
            onClick={() => {
              show(!shown);
            }}
          >
            Toggle
          </button>
          {shown && <ExportRow />}
        </>
      );
    }
    render(<Page />, { wrapper: ({ children }) => <Provided client={client}>{children}</Provided> });
    fireEvent.click(screen.getByText('Export'));
    fireEvent.click(screen.getByText('Toggle'));
    fireEvent.click(screen.getByText('Toggle'));
    expect(screen.getByText('idle')).toBeTruthy();
    fireEvent.click(screen.getByText('Export'));
    await screen.findByText('ready', {}, { timeout: 5000 });
    expect(exportRequests(sandbox)).toBe(1);
  });
});

describe('what the hook is given and gives', () => {
  test('the functions, and the object while nothing changes, stay the same', async () => {
    const sandbox = await sandboxOf();
    const seen = new Set<unknown>();
    const objects = new Set<unknown>();
    const client = clientOf(sandbox);
    const row = (): React.ReactElement => (
      <Provided client={client}>
        <ExportRow
          onRender={(overview) => {
            seen.add(overview.start).add(overview.cancel).add(overview.reset);
            objects.add(overview);
          }}
        />
      </Provided>
    );
    const { rerender } = render(row());
    rerender(row());
    const atRest = objects.size;
    fireEvent.click(screen.getByText('Export'));
    await screen.findByText('ready', {}, { timeout: 5000 });
    // StrictMode draws twice, and may keep either.
    expect(seen.size % 3).toBe(0);
    expect(seen.size).toBeLessThanOrEqual(6);
    expect(atRest).toBeLessThanOrEqual(2);
  });

  test('a client of its own needs no provider, and goes before one', async () => {
    const [own, provided] = [await sandboxOf(), await sandboxOf()];
    const options = { client: clientOf(own) };
    const { result } = renderHook(() => useTeamOverviewExport(options), { wrapper: StrictMode });
    act(() => {
      result.current.start({ teamId: '121' });
    });
    const held = hold(provided, options);
    held.start();
    await until(held, 'ready');
    await waitFor(
      () => {
        expect(result.current.status).toBe('ready');
      },
      { timeout: 5000 },
    );
    expect([own.exports.length, provided.requests.length]).toEqual([2, 0]);
  });

  test('without a client and without a provider it is Apollo that says so', () => {
    expect(() => renderHook(() => useTeamOverviewExport())).toThrow(/go\.apollo\.dev|Invariant/);
    complaints.mockClear();
  });

  test('options that change hold for the next start, and the callback is the latest', async () => {
    const sandbox = await sandboxOf({ failures: { '121': 'NEVER_READY' } });
    const seen: string[] = [];
    const { result, rerender } = renderHook(
      ({ timeout, name }) => useTeamOverviewExport({ timeout, onAttempt: () => seen.push(name) }),
      {
        initialProps: { timeout: '300ms', name: 'a' },
        wrapper: ({ children }) => <Provided client={clientOf(sandbox)}>{children}</Provided>,
      },
    );
    act(() => {
      result.current.start({ teamId: '121' });
    });
    rerender({ timeout: '1s', name: 'b' });
    const failed = async (): Promise<string> => {
      await waitFor(() => { expect(result.current.status).toBe('failed'); }, { timeout: 5000 }); // prettier-ignore
      return result.current.error?.message ?? '';
    };
    expect(await failed()).toMatch(/within 300 ms/);
    act(() => {
      result.current.start({ teamId: '121' });
    });
    expect(await failed()).toMatch(/within 1 s/);
    expect(new Set(seen)).toEqual(new Set(['b']));
  });

  test('on a server it is idle, and React has nothing to say', async () => {
    const client = clientOf(await sandboxOf());
    expect(renderToString(<Provided client={client}><ExportRow /></Provided>)).toContain('idle'); // prettier-ignore
  });

  test('no part of the state but the link holds the signature', async () => {
    const sandbox = await sandboxOf({ failures: { '122': 'EXPIRED_URL', '123': 'NEVER_READY' } });
    const shown: string[] = [];
    for (const [teamId, status] of [['121', 'ready'], ['122', 'failed'], ['123', 'failed']] as const) {
      const held = hold(sandbox, { timeout: '1s' });
      held.start({ teamId });
      await until(held, status);
      const { file, error, ...others } = held.now();
      shown.push(JSON.stringify([others, { ...file, url: '' }, error, error?.details]));
      shown.push(`${error?.stack} ${String(error?.cause)}`);
      expect(file?.url ?? '').toBe(teamId === '121' ? sandbox.exports[0]!.fileUrl : '');
    } // prettier-ignore
    const secrets = sandbox.exports.flatMap(({ fileUrl }) => {
      const { searchParams } = new URL(fileUrl!);
      return [searchParams.get('X-Amz-Signature')!, searchParams.get('X-Amz-Credential')!];
    });
    expect(secrets).toHaveLength(6);
    for (const secret of [...secrets, sandbox.accessToken]) expect(shown.join('\n')).not.toContain(secret);
  });
});
