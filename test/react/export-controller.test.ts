import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Attempt } from '../../src/readiness/index.js';
import { ExportController } from '../../src/react/export-controller.js';
import type { ExportEvent, ReadyFile } from '../../src/react/export-state.js';
import type { JourneyOptions } from '../../src/react/journey.js';
import { VirtualClock } from '../readiness/virtual-clock.js';
import { scriptedJourney, type ScriptedJourney } from './scripted-journey.js';

const client = {} as JourneyOptions['client'];
const file: ReadyFile = { url: 'https://f.example/a', fileName: 'a', size: 4, etag: null, expiresAt: null };
const requested: ExportEvent = { type: 'requested', exportId: 'E:1', expiresAt: null };
const attempted: ExportEvent = {
  type: 'attempted',
  attempt: { number: 1, elapsed: 5, seen: '404', ready: false },
};

let clock: VirtualClock;
let journey: ScriptedJourney;
let controller: ExportController;
let told: number;
let unmount: () => void;

function controllerOf(of: Pick<ScriptedJourney, 'load'>): ExportController {
  const made = new ExportController({ clock, load: of.load });
  made.committed({ client });
  made.subscribe(() => (told += 1));
  unmount = made.mount();
  return made;
}

beforeEach(() => {
  told = 0;
  clock = new VirtualClock();
  journey = scriptedJourney();
  controller = controllerOf(journey);
});

afterEach(async () => {
  unmount();
  await setImmediate();
  expect(clock.pending).toBe(0);
  for (const { signal } of journey.begun) expect(signal.aborted).toBe(true);
});

async function begin(): Promise<ScriptedJourney['begun'][number]> {
  controller.start({ teamId: '121' });
  await setImmediate();
  return journey.begun.at(-1)!;
}

describe('start', () => {
  test('says so at once, and begins one journey however often it is called', async () => {
    controller.start({ teamId: '121', method: 'EMAIL' });
    expect(controller.state()).toMatchObject({ status: 'requesting', teamId: '121' });
    controller.start({ teamId: '122' });
    await setImmediate();
    controller.start({ teamId: '123' });
    journey.begun[0]!.report(requested);
    controller.start({ teamId: '124' });
    await setImmediate();
    expect(journey.begun.map(({ request }) => request)).toEqual([{ teamId: '121', method: 'EMAIL' }]);
    expect(controller.state()).toMatchObject({ status: 'waiting', teamId: '121' });
  });

  test.each<[string, (begun: ScriptedJourney['begun'][number]) => void]>([
    ['ready', ({ report }) => { report(requested); report({ type: 'arrived', file }); }],
    ['mailed', ({ report }) => { report({ type: 'mailed', exportId: 'E:1' }); }],
    ['failed', ({ fail }) => { fail(new Error('no')); }],
    ['failed', () => { controller.cancel(); }],
    ['idle', () => { controller.reset(); }],
  ])('may be called again when %s', async (status, end) => {
    const first = await begin();
    end(first);
    first.arrive();
    await setImmediate();
    expect(controller.state().status).toBe(status);
    expect(first.signal.aborted).toBe(true);
    const second = await begin();
    expect(controller.state()).toMatchObject({ status: 'requesting', attempts: [], file: null, error: null });
    expect([second === first, second.signal.aborted]).toEqual([false, false]);
  }); // prettier-ignore

  test('takes the options of the latest commit', async () => {
    controller.committed({ client, timeout: '1m' });
    const { options } = await begin();
    controller.committed({ client, timeout: '2m' });
    expect(options.timeout).toBe('1m');
    controller.reset();
    expect((await begin()).options.timeout).toBe('2m');
  });

  test('is refused while rendering, and only then', async () => {
    controller.rendering();
    expect(() => {
      controller.start({ teamId: '121' });
    }).toThrow('start() was called while rendering.');
    expect(told).toBe(0);
    // A render that paused, or came to nothing, does not swallow clicks.
    await Promise.resolve();
    await begin();
    controller.reset();
    controller.rendering();
    controller.committed({ client });
    await begin();
    expect(journey.begun).toHaveLength(2);
  });

  test('does nothing after unmounting, and works when mounted again', async () => {
    unmount();
    controller.start({ teamId: '121' });
    await setImmediate();
    expect([controller.state().status, journey.loads, told]).toEqual(['idle', 0, 0]);
    unmount = controller.mount();
    await begin();
    expect(journey.begun).toHaveLength(1);
  });

  test('between unmounting and mounting again within one turn, as StrictMode has it, is put off', async () => {
    unmount();
    controller.start({ teamId: '121' });
    controller.start({ teamId: '122' });
    expect(controller.state().status).toBe('idle');
    unmount = controller.mount();
    await setImmediate();
    expect(journey.begun.map(({ request }) => request.teamId)).toEqual(['121']);
  });

  test('may come before the first mount, as from the effect of a child', async () => {
    const early = new ExportController({ clock, load: journey.load });
    early.committed({ client });
    early.start({ teamId: '121' });
    unmount = early.mount();
    await setImmediate();
    expect(journey.begun).toHaveLength(1);
  });
});

describe('cancel', () => {
  test('before the journey has been loaded: nothing was started, and nothing will be', async () => {
    let open = (): void => undefined;
    journey = scriptedJourney(new Promise<void>((resolve) => (open = resolve)));
    controller = controllerOf(journey);
    controller.start({ teamId: '121' });
    controller.cancel();
    expect(controller.state().error).toMatchObject({ code: 'ABORTED', hint: 'Nothing was started.' });
    open();
    await setImmediate();
    expect([journey.loads, journey.begun.length]).toEqual([1, 0]);
  });

  test('while requesting: an export may have been started', async () => {
    const { signal, fail } = await begin();
    controller.cancel();
    expect(signal.aborted).toBe(true);
    fail(new Error('too late'));
    await setImmediate();
    expect(controller.state()).toMatchObject({
      status: 'failed',
      error: { code: 'ABORTED', hint: 'An export may have been started.' },
    });
  });

  test('while waiting: what was seen stays', async () => {
    const { report, signal } = await begin();
    report(requested);
    report(attempted);
    controller.cancel();
    expect(signal.aborted).toBe(true);
    expect(controller.state()).toMatchObject({
      status: 'failed',
      exportId: 'E:1',
      attempts: [{ seen: '404' }],
      error: { code: 'ABORTED', hint: 'The export itself goes on at the server.' },
    });
  });

  test('makes way for another start at once, which late news of the first do not disturb', async () => {
    const first = await begin();
    controller.cancel();
    controller.start({ teamId: '122' });
    await setImmediate();
    first.report(requested);
    first.report({ type: 'failed', error: {} as never });
    first.fail(new Error('late'));
    await setImmediate();
    expect(controller.state()).toMatchObject({ status: 'requesting', teamId: '122' });
    expect(journey.begun[1]!.signal.aborted).toBe(false);
  });

  test('changes nothing when nothing is under way', async () => {
    controller.cancel();
    expect([controller.state().status, told]).toEqual(['idle', 0]);
    const { report, arrive } = await begin();
    report(requested);
    report({ type: 'arrived', file });
    arrive();
    await setImmediate();
    const before = told;
    controller.cancel();
    expect([controller.state().status, told]).toEqual(['ready', before]);
  });
});

describe('reset', () => {
  test('ends what is under way, without an error', async () => {
    const { signal, report } = await begin();
    controller.reset();
    expect(signal.aborted).toBe(true);
    report(requested);
    await setImmediate();
    expect(controller.state()).toMatchObject({ status: 'idle', teamId: null, error: null });
  });

  test('of what is idle tells nobody', () => {
    controller.reset();
    expect(told).toBe(0);
  });
});

describe('unmounting', () => {
  test('before the journey has been loaded: it never begins', async () => {
    controller.start({ teamId: '121' });
    unmount();
    await setImmediate();
    expect(journey.begun).toHaveLength(0);
  });

  test.each<[string, ExportEvent[]]>([
    ['requesting', []],
    ['waiting', [requested, attempted]],
  ])(
    'while %s aborts',
    async (_, events) => {
      const { signal, report } = await begin();
      for (const event of events) report(event);
      unmount();
      expect(signal.aborted).toBe(true);
      const before = told;
      report(requested);
      report(attempted);
      await clock.until(5000);
      expect(told).toBe(before);
    },
  ); // prettier-ignore

  test('leaves what has ended as it was', async () => {
    const { report, arrive } = await begin();
    report(requested);
    report({ type: 'arrived', file });
    arrive();
    await setImmediate();
    const before = told;
    unmount();
    expect([controller.state().status, told]).toEqual(['ready', before]);
  });
});

describe('time', () => {
  test('is told at every whole second, and with all that happens', async () => {
    const { report, arrive } = await begin();
    await clock.until(999);
    expect(controller.state().elapsed).toBe(0);
    await clock.until(1000);
    expect(controller.state().elapsed).toBe(1000);
    await clock.until(1400);
    report(requested);
    expect(controller.state().elapsed).toBe(1400);
    await clock.until(3000);
    expect(controller.state().elapsed).toBe(3000);
    await clock.until(3300);
    report({ type: 'arrived', file });
    arrive();
    await clock.until(9000);
    expect(controller.state().elapsed).toBe(3300);
    // Started, three seconds, requested, arrived.
    expect(told).toBe(6);
  });
});

describe('attempts', () => {
  test('are told to the callback of the latest render', async () => {
    const seen: string[] = [];
    const noting = (name: string) => (attempt: Attempt) => void seen.push(`${name} ${attempt.seen}`);
    controller.committed({ client, onAttempt: noting('a') });
    const { report } = await begin();
    report(requested);
    report(attempted);
    controller.committed({ client, onAttempt: noting('b') });
    report(attempted);
    controller.reset();
    report(attempted);
    expect(seen).toEqual(['a 404', 'b 404']);
  });

  test('a callback that throws is not the export’s failure, and is not hidden', async () => {
    const { report } = await begin();
    controller.committed({
      client,
      onAttempt: () => {
        throw new Error('the page’s own');
      },
    });
    report(requested);
    const later = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => undefined);
    report(attempted);
    const [thrower] = later.mock.calls[0]!;
    later.mockRestore();
    expect(thrower).toThrow('the page’s own');
    expect(controller.state()).toMatchObject({ status: 'waiting', attempts: [{ number: 1 }] });
  });
});

describe('failures', () => {
  test('what is not ours becomes UNEXPECTED, without secrets', async () => {
    const { fail } = await begin();
    fail(new Error('at https://f.example/a?X-Amz-Signature=topsecret'));
    await setImmediate();
    const { status, error } = controller.state();
    expect([status, error?.code]).toEqual(['failed', 'UNEXPECTED']);
    expect(String(error) + String(error?.cause)).not.toContain('topsecret');
  });

  test('a journey that cannot be loaded says that nothing was started, and may be tried again', async () => {
    let broken = true;
    const real = scriptedJourney();
    controller = controllerOf({
      load: async () => (broken ? Promise.reject(new TypeError('Failed to fetch')) : real.load()),
    });
    controller.start({ teamId: '121' });
    await setImmediate();
    expect(controller.state()).toMatchObject({
      status: 'failed',
      error: { code: 'UNEXPECTED', hint: expect.stringContaining('Nothing was started.') },
    });
    broken = false;
    controller.start({ teamId: '121' });
    await setImmediate();
    expect(real.begun).toHaveLength(1);
  });
});
