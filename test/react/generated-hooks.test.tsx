import { ApolloClient, InMemoryCache } from '@apollo/client';
import { ApolloProvider, skipToken } from '@apollo/client/react';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { act, cleanup, configure, render, renderHook, waitFor } from '@testing-library/react';
import * as React from 'react';
import { useEffect, type ReactNode } from 'react';
import {
  useExportTeamOverviewLazyQuery,
  useGetAllTeamsQuery,
  useGetExportDeliveryStatusQuery,
  type SideEffectOptions,
} from '../../generated/hooks.js';
import { ScriptedLink, type SentOperation } from './scripted-link.js';

// Around all of it: React 19 runs effects twice only if StrictMode is where the root begins.
configure({ reactStrictMode: true });

let link: ScriptedLink;
let client: ApolloClient;
let complaints: jest.SpiedFunction<typeof console.error>;

beforeEach(() => {
  link = new ScriptedLink();
  client = new ApolloClient({ link, cache: new InMemoryCache() });
  complaints = jest.spyOn(console, 'error');
});

afterEach(() => {
  cleanup();
  expect(complaints).not.toHaveBeenCalled();
  complaints.mockRestore();
});

const wrapper = ({ children }: { children: ReactNode }) => (
  <ApolloProvider client={client}>{children}</ApolloProvider>
);

const request = { variables: { input: { teamId: '121', method: 'FILE_STORAGE' } } } as const;
const answerNumber = (id: number) => ({
  data: { exportTeamOverview: { exportId: `ExportQueue:${id}`, fileUrl: null, fileUrlExpiredAt: null } },
});
const idOf = (data: { exportTeamOverview: { exportId: string } } | undefined) =>
  data?.exportTeamOverview.exportId;

function renderExport(options?: SideEffectOptions) {
  let renders = 0;
  const hook = renderHook(
    (given: SideEffectOptions | undefined) => {
      renders++;
      return useExportTeamOverviewLazyQuery(given);
    },
    { wrapper, ...(options && { initialProps: options }) },
  );
  return {
    ...hook,
    rendered: () => renders,
    state: () => hook.result.current[1],
    /** Starts an export, and gives its promise in an object, so that it is not awaited. */
    execute: (...args: Parameters<(typeof hook.result.current)[0]>) => {
      let outcome!: ReturnType<(typeof hook.result.current)[0]>;
      act(() => {
        outcome = hook.result.current[0](...args);
      });
      return { outcome };
    },
  };
}

describe('useExportTeamOverviewLazyQuery', () => {
  it('sends nothing by rendering, and one request for one call', async () => {
    const { execute, rerender, state, result } = renderExport();
    rerender(undefined);
    expect(link.sent).toEqual([]);
    expect(state()).toMatchObject({ called: false, loading: false, data: undefined, error: undefined });

    const { outcome } = execute(request);
    expect(link.sent).toMatchObject([{ name: 'ExportTeamOverview', variables: request.variables }]);
    expect(state()).toMatchObject({ called: true, loading: true, data: undefined, error: undefined });

    await act(async () => {
      link.sent[0]!.answer(answerNumber(1));
      expect(await outcome).toEqual(answerNumber(1));
    });
    expect(state()).toMatchObject({ called: true, loading: false, ...answerNumber(1), error: undefined });
    const shown = result.current;
    rerender(undefined);
    expect(result.current).toBe(shown);
    expect(link.sent).toHaveLength(1);
  });

  it('sends two requests for two calls at once, however alike', async () => {
    const { execute } = renderExport();
    const [one, two] = [execute(request), execute(request)];
    expect(link.sent).toHaveLength(2);
    await act(async () => {
      link.sent[0]!.answer(answerNumber(1));
      link.sent[1]!.answer(answerNumber(2));
      expect(idOf((await one.outcome).data)).toBe('ExportQueue:1');
      expect(idOf((await two.outcome).data)).toBe('ExportQueue:2');
    });
  });

  it('shows the later call, also when the earlier is answered last', async () => {
    const { execute, state } = renderExport();
    const [one, two] = [execute(request), execute(request)];
    await act(async () => {
      link.sent[1]!.answer(answerNumber(2));
      await two.outcome;
    });
    expect(idOf(state().data)).toBe('ExportQueue:2');
    await act(async () => {
      link.sent[0]!.fail(new Error('late'));
      await one.outcome;
    });
    expect(state()).toMatchObject({ loading: false, ...answerNumber(2), error: undefined });
  });

  it('is sent again by nothing that refetches', async () => {
    const teams = renderHook(() => useGetAllTeamsQuery(), { wrapper });
    const { execute, state } = renderExport();
    const answerTeams = async () =>
      act(async () => {
        await new Promise((resolve) => setTimeout(resolve, 0));
        for (const { name, answer } of link.sent)
          if (name === 'GetAllTeams') answer({ data: { getAllTeams: [] } });
      });
    await answerTeams();
    const { outcome } = execute(request);
    await act(async () => {
      link.sent.at(-1)!.answer(answerNumber(1));
      await outcome;
    });
    const refetches: (() => Promise<unknown>)[] = [
      async () => client.resetStore(),
      async () => client.refetchObservableQueries(true),
      async () => client.refetchQueries({ include: 'all' }),
      async () => client.refetchQueries({ include: 'active' }),
      async () => teams.result.current.refetch(),
    ];
    for (const [index, refetch] of refetches.entries()) {
      act(() => void refetch());
      await answerTeams();
      // What is watched is asked for again: the test would see it.
      expect(link.names.filter((name) => name === 'GetAllTeams').length).toBeGreaterThan(index + 1);
    }
    expect(link.names.filter((name) => name === 'ExportTeamOverview')).toHaveLength(1);
    expect(idOf(state().data)).toBe('ExportQueue:1');
  });

  it('is an error, and not sent again, when the store is reset before the answer', async () => {
    const { execute, state } = renderExport();
    const { outcome } = execute(request);
    await act(async () => {
      await client.resetStore();
      expect((await outcome).error).toBeDefined();
    });
    expect(state()).toMatchObject({ loading: false, data: undefined });
    expect(link.sent).toHaveLength(1);
  });

  it('leaves nothing in the cache, and takes nothing from it, whatever the defaults are', async () => {
    client.defaultOptions = {
      query: { fetchPolicy: 'cache-first', context: { queryDeduplication: true } },
    };
    const { execute, state } = renderExport({
      context: { from: 'hook', kept: true, queryDeduplication: true },
      errorPolicy: 'all',
    });
    for (const id of [1, 2]) {
      const { outcome } = execute({ ...request, context: { from: 'call', queryDeduplication: true } });
      expect(link.sent.at(-1)!.context).toMatchObject({
        from: 'call',
        kept: true,
        queryDeduplication: false,
      });
      await act(async () => {
        link.sent.at(-1)!.answer({ ...answerNumber(id), errors: [{ message: 'half of it' }] });
        expect(await outcome).toMatchObject({ ...answerNumber(id), error: { message: 'half of it' } });
      });
    }
    expect(link.sent).toHaveLength(2);
    expect(client.cache.extract()).toEqual({});
    expect(state()).toMatchObject({ ...answerNumber(2), error: { message: 'half of it' } });
  });

  it('uses another client when it is given one', async () => {
    const otherLink = new ScriptedLink();
    const { execute, rerender } = renderExport();
    rerender({ client: new ApolloClient({ link: otherLink, cache: new InMemoryCache() }) });
    const { outcome } = execute(request);
    expect([link.sent.length, otherLink.sent.length]).toEqual([0, 1]);
    await act(async () => {
      otherLink.sent[0]!.answer(answerNumber(1));
      await outcome;
    });
  });

  it.each([
    [
      'the network',
      (sent: SentOperation) => {
        sent.fail(new Error('no route'));
      },
    ],
    [
      'the server',
      (sent: ScriptedLink['sent'][number]) => {
        sent.answer({ errors: [{ message: 'no route' }] });
      },
    ],
  ])('resolves with the error of %s', async (_of, happen) => {
    const { execute, state } = renderExport();
    const { outcome } = execute(request);
    await act(async () => {
      happen(link.sent[0]!);
      expect(await outcome).toMatchObject({ data: undefined, error: { message: 'no route' } });
    });
    expect(state()).toMatchObject({
      called: true,
      loading: false,
      data: undefined,
      error: { message: 'no route' },
    });
    const again = execute(request);
    expect(state()).toMatchObject({ loading: true, error: undefined });
    await act(async () => {
      link.sent[1]!.answer(answerNumber(2));
      await again.outcome;
    });
    expect(state()).toMatchObject({ loading: false, ...answerNumber(2), error: undefined });
  });

  it('forgets on reset, and an answer on its way changes nothing', async () => {
    const { execute, state } = renderExport();
    const { outcome } = execute(request);
    act(() => {
      state().reset();
    });
    const idle = { called: false, loading: false, data: undefined, error: undefined };
    expect(state()).toMatchObject(idle);
    await act(async () => {
      link.sent[0]!.answer(answerNumber(1));
      expect(idOf((await outcome).data)).toBe('ExportQueue:1');
    });
    expect(state()).toMatchObject(idle);
  });

  it('updates nothing after it was unmounted, but answers its caller', async () => {
    const { execute, rendered, unmount, state, result } = renderExport();
    const { outcome } = execute(request);
    const before = rendered();
    unmount();
    link.sent[0]!.answer(answerNumber(1));
    expect(idOf((await outcome).data)).toBe('ExportQueue:1');
    state().reset();
    const late = result.current[0](request);
    link.sent[1]!.fail(new Error('late'));
    expect((await late).error).toBeDefined();
    expect(rendered()).toBe(before);
  });

  it('keeps its functions', async () => {
    const { execute, rerender, result } = renderExport();
    const [sent, { reset }] = result.current;
    rerender({ context: { changed: true } });
    const { outcome } = execute(request);
    expect(link.sent[0]!.context['changed']).toBe(true);
    await act(async () => {
      link.sent[0]!.answer(answerNumber(1));
      await outcome;
    });
    expect([result.current[0], result.current[1].reset]).toEqual([sent, reset]);
  });

  it('refuses to be called while rendering', () => {
    complaints.mockImplementation(() => undefined);
    const Trap = () => {
      const [execute] = useExportTeamOverviewLazyQuery();
      void execute(request);
      return null;
    };
    expect(() => render(<Trap />, { wrapper })).toThrow('not while rendering');
    expect(link.sent).toEqual([]);
    complaints.mockClear();
  });

  it('is tested in StrictMode, which runs effects twice', () => {
    const log: string[] = [];
    renderHook(() => {
      useEffect(() => {
        log.push('on');
        return () => {
          log.push('off');
        };
      }, []);
    });
    expect(log).toEqual(['on', 'off', 'on']);
  });

  const Boundary = 'Activity' in React ? React.Activity : null;
  // React 18 hides nothing.
  if (Boundary === null) return;

  it('shows what was answered while it was hidden', async () => {
    let hook!: ReturnType<typeof useExportTeamOverviewLazyQuery>;
    const Inside = () => {
      hook = useExportTeamOverviewLazyQuery();
      return null;
    };
    const page = (mode: 'visible' | 'hidden') => (
      <Boundary mode={mode}>
        <Inside />
      </Boundary>
    );
    const { rerender } = render(page('visible'), { wrapper });
    let outcome!: Promise<unknown>;
    act(() => {
      outcome = hook[0](request);
    });
    rerender(page('hidden'));
    await act(async () => {
      link.sent[0]!.answer(answerNumber(1));
      await outcome;
    });
    expect(hook[1].loading).toBe(true);
    rerender(page('visible'));
    expect(hook[1]).toMatchObject({ loading: false, ...answerNumber(1) });
  });
});

describe('the ordinary hooks', () => {
  it('read when they are rendered', async () => {
    const { result } = renderHook(() => useGetAllTeamsQuery(), { wrapper });
    expect(result.current.loading).toBe(true);
    const team = { id: '121', name: 'Team Alvin', setting: { enableExportTeamOverview: true } };
    await act(async () => {
      link.sent[0]!.answer({ data: { getAllTeams: [team] } });
      await Promise.resolve();
    });
    await waitFor(() => {
      expect(result.current.data?.getAllTeams).toEqual([team]);
    });
    expect(link.names).toEqual(['GetAllTeams']);
  });

  it('wait for their variables', async () => {
    const { result, rerender } = renderHook(
      ({ exportId }: { exportId: string | null }) =>
        useGetExportDeliveryStatusQuery(exportId === null ? skipToken : { variables: { exportId } }),
      { wrapper, initialProps: { exportId: null as string | null } },
    );
    expect(link.sent).toEqual([]);
    expect(result.current.loading).toBe(false);
    rerender({ exportId: 'ExportQueue:1' });
    await waitFor(() => {
      expect(link.sent).toHaveLength(1);
    });
    expect(link.sent[0]!.variables).toEqual({ exportId: 'ExportQueue:1' });
  });
});
