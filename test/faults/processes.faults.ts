import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { storedObject, sizes } from './exported-archive.js';
import { serve, type Act } from './faulty-host.js';
import { error, laterByDate, narrow } from './network-faults.js';
import { brokenConnections, lies, refusals, replacements, rowsOf, wrongBodies } from './network-rows.js';
import { commandLine, ownProcess, startCli } from './processes.js';
import { file, kept, nothing, textOf, type Row } from './row.js';
import { runRow, type Attempt } from './run-row.js';
import { apiRows, meanwhileRows } from './stage-rows.js';

type Case = Row & { attempt: Attempt };

async function expectOutcome({ attempt, ...row }: Case): Promise<void> {
  expect(await runRow(attempt, row)).toMatchObject({ outcome: textOf(row.outcome), wrong: [] });
}

const replaced = replacements(await storedObject('small', 2), await storedObject('large', 2));
const networkRows = [
  ...rowsOf([...brokenConnections, ...refusals, ...lies, ...wrongBodies, ...replaced], 'small'),
  ...rowsOf(brokenConnections, 'large'),
];
const named = (rows: readonly Row[], prefix: string, ...wanted: string[]): Row[] =>
  wanted.map((name) => {
    const row = rows.find(({ fault, stage, size }) => `${fault}, ${stage}, ${size}` === name);
    if (row === undefined) throw new Error(`no row ${name}`);
    return { ...row, fault: `${prefix}: ${row.fault}` };
  });

describe('the command line', () => {
  const rows = [
    ...named(networkRows, 'CLI', '404, three times, wait, small', '404, wait, small', '200 and a web page, wait, small'),
    ...named(networkRows, 'CLI', 'URL expired, middle, small', '307, middle, small', 'a corrupted byte, middle, small'),
    ...named(networkRows, 'CLI', 'replaced, same size, middle, small', 'more body than range, middle, small'),
    ...named(networkRows, 'CLI', 'reset in the body, twice, middle, large', 'signature refused, wait, small'),
    ...named(apiRows, 'CLI', 'token: 401, request, small', 'status: FAILED, request, small'),
    ...named(meanwhileRows, 'CLI', 'aborted, wait, small', 'aborted, middle, large', 'target appears, middle, large'),
  ]; // prettier-ignore
  it.each(rows)('$fault, $stage, $size', async (row) => expectOutcome({ ...row, attempt: commandLine() }));
});

describe('a process that does nothing else ends by itself', () => {
  const rows = [
    ...named(networkRows, 'alone', 'no head, once, wait, small', 'no head, wait, small', 'body stops, middle, large'),
    ...named(networkRows, 'alone', 'body stops, once, middle, large', 'URL expired, middle, small'),
    ...named(networkRows, 'alone', 'replaced, same size, middle, small', 'short body, twice, middle, large'),
    ...named(meanwhileRows, 'alone', 'aborted, wait, small', 'aborted, middle, large', 'target appears, middle, large'),
  ]; // prettier-ignore
  it.each(rows)('$fault, $stage, $size', async (row) => expectOutcome({ ...row, attempt: ownProcess }));
});

describe('a clock on the wall that is wrong', () => {
  const day = 86_400_000;
  const middle = Math.floor(sizes.large * 0.53);
  const jumping =
    (jump: number): Attempt =>
    async (scene, row, overwrite) => {
      const { child, ended } = startCli(scene, { overwrite, jump, timeout: '5s' });
      const at = row.stage === 'wait' ? 0 : middle;
      // Whoever asks for this byte is first made to jump.
      const act: Act = (exchange) => {
        child.kill('SIGUSR2');
        setTimeout(() => {
          if (at === 0) exchange.response.writeHead(404).end();
          else serve(exchange);
        }, 50);
      };
      scene.host.rules = at === 0 ? [{ at, times: 3, act }] : [{ at, times: 1, act: narrow }, { at, times: 1, act }];
      return ended;
    }; // prettier-ignore
  const rows: Case[] = [day, -day].flatMap((by): Case[] => {
    const name = by > 0 ? 'a day ahead' : 'a day behind';
    const attempt = commandLine({ wrongBy: by });
    const rule = (act: Act, times?: number): Row['arrange'] => ({ host }) => {
      host.rules = [{ at: 0, act, ...(times === undefined ? {} : { times }) }];
    }; // prettier-ignore
    return [
      { fault: `clock jumps ${name}`, stage: 'wait', size: 'large', outcome: file, attempt: jumping(by) },
      { fault: `clock jumps ${name}`, stage: 'middle', size: 'large', outcome: file, attempt: jumping(by) },
      { fault: `clock ${name}, 404`, stage: 'wait', size: 'small', outcome: file, attempt, arrange: rule(error(404, 'NoSuchKey'), 2) },
      { fault: `clock ${name}, Retry-After as a date`, stage: 'wait', size: 'small', outcome: file, attempt, arrange: rule(laterByDate(503, 1), 1) },
      { fault: `clock ${name}, 403`, stage: 'wait', size: 'small', outcome: nothing('NOT_READY'), attempt: commandLine({ wrongBy: by, timeout: '1s' }), arrange: rule(error(403, 'AccessDenied')) },
    ]; // prettier-ignore
  });
  it.each(rows)('$fault, $stage, $size', async (row) => expectOutcome(row));
});

describe('two processes, one target', () => {
  /** Starts a second one when the first is in the middle; the first goes on when the second has ended. */
  const second =
    (wrongBy: number): Attempt =>
    async (scene, _row, overwrite) => {
      const at = sizes.large >> 1;
      let goOn = (): void => undefined;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      const act: Act = async (exchange) => {
        await gate;
        serve(exchange);
      };
      scene.host.rules = [{ at, times: 1, act }];
      const over = new AbortController();
      const first = startCli(scene, { overwrite }).ended.finally(() => {
        over.abort();
      });
      while (scene.host.hits < 1 && !over.signal.aborted) await pause(5);
      const other = await startCli(scene, { overwrite, wrongBy }).ended;
      goOn();
      const ended = await first;
      const wrong = other.outcome === 'TARGET_BUSY' ? [] : [`the second: ${other.outcome}`];
      const texts = { ...ended.texts, 'stdout 2': other.texts['stdout'] ?? '', 'stderr 2': other.texts['stderr'] ?? '' };
      return { ...ended, texts, wrong: [...(ended.wrong ?? []), ...(other.wrong ?? []), ...wrong] };
    }; // prettier-ignore
  /** Starts two at once: one of them has it. */
  const atOnce: Attempt = async (scene, _row, overwrite) => {
    scene.host.rules = [{ at: 0, times: 2, act: error(404, 'NoSuchKey') }];
    const both = [startCli(scene, { overwrite }).ended, startCli(scene, { overwrite }).ended];
    const [one, two] = (await Promise.all(both)) as [Awaited<(typeof both)[0]>, Awaited<(typeof both)[0]>];
    const loser = one.outcome === 'file ✓' ? two : one;
    const fine = ['TARGET_BUSY', 'FILE_EXISTS'].includes(loser.outcome);
    const wrong = [
      ...(one.wrong ?? []),
      ...(two.wrong ?? []),
      ...(fine ? [] : [`the other: ${loser.outcome}`]),
    ];
    return { ...(one === loser ? two : one), wrong };
  };
  const rows: Case[] = [
    { fault: 'a second process', stage: 'middle', size: 'large', outcome: file, attempt: second(0) },
    { fault: 'a second process, a day ahead', stage: 'middle', size: 'large', outcome: file, attempt: second(86_400_000) },
    { fault: 'a second process, a day behind', stage: 'middle', size: 'large', outcome: file, attempt: second(-86_400_000) },
    { fault: 'two processes at once', stage: 'request', size: 'large', outcome: file, attempt: atOnce },
  ]; // prettier-ignore
  it.each(rows)('$fault, $stage, $size', async (row) => expectOutcome(row));
});

it('a file that may not grow so large, middle, large', async () => {
  let first = true;
  const attempt: Attempt = async (...parameters) => {
    const circumstances = first ? { largestFile: sizes.large >> 11 } : {};
    first = false;
    return commandLine(circumstances)(...parameters);
  };
  const row = { fault: 'ulimit -f', stage: 'middle', size: 'large', outcome: kept('DISK_FULL'), hits: () => 1 } as const;
  await expectOutcome({ ...row, attempt });
}); // prettier-ignore
