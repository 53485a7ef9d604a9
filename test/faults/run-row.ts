import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { storedObject } from './exported-archive.js';
import { fileName, FaultyHost, sha256 } from './faulty-host.js';
import { precious, textOf, type Observed, type Row, type Scene } from './row.js';
import { record } from './table.js';
import { leaksIn, textsBeside, timers, wronglyLeft } from './traces.js';

/** How an attempt to get the file ended. */
export interface Ended {
  /** `file ✓`, or a code. */
  outcome: string;
  /** All that it said, in which no secret may show. */
  texts: Record<string, string>;
  /** What else is not as it should be. */
  wrong?: string[];
}

/** One way to get the file: the library, the whole journey, the command line. Rejects only where it is itself broken. */
export type Attempt = (scene: Scene, row: Row, overwrite: boolean, signal: AbortSignal) => Promise<Ended>;

/** However a row ends, it has ended by then: real milliseconds. */
const deadline = 25_000;

/** How much the first request asks for. */
const opening = 8 * 1024 * 1024;

/** Plays one row and tells what could be seen from outside. */
export async function runRow(attempt: Attempt, row: Row): Promise<Observed> {
  const object = await storedObject(row.size);
  const host = await FaultyHost.start(object);
  const root = realpathSync(mkdtempSync(join(row.within ?? tmpdir(), 'datasaur-faults-')));
  const controller = new AbortController();
  const abort = controller.abort.bind(controller);
  const scene = { host, root, target: join(root, row.to ?? '', fileName), abort };
  const failure = row.outcome === 'file' ? null : row.outcome;
  const overwrite = row.overwrite ?? (failure !== null && row.appears !== true && row.to === undefined);
  if (overwrite) writeFileSync(scene.target, precious);
  const wrong: string[] = [];
  try {
    const timersBefore = timers();
    watch(scene, object.bytes.length, wrong);
    await row.arrange?.(scene);
    const start = performance.now();
    const ended = await ending(attempt(scene, row, overwrite, controller.signal), abort);
    const milliseconds = performance.now() - start;
    const requests = host.requests.length;
    const ratio = host.served / object.bytes.length;
    if (host.hits + (row.hits?.() ?? 0) === 0) wrong.push('the fault did not happen');
    wrong.push(...(ended.wrong ?? []), ...leaksIn(host, { ...ended.texts, ...textsBeside(scene.target) }));
    wrong.push(...wronglyLeft(scene, failure, overwrite || row.appears === true ? precious : null));
    wrong.push(...fileFaults(scene, failure === null, object.bytes));
    wrong.push(...(await goingOn(host, timersBefore)));
    const expected = textOf(row.outcome);
    const again =
      failure?.leaves === 'kept' && ended.outcome === expected
        ? await continued(attempt, scene, row, overwrite, wrong)
        : null;
    const { fault, stage, size } = row;
    const observed = { fault, stage, size, outcome: ended.outcome, expected, requests, ratio, again, milliseconds, wrong }; // prettier-ignore
    record(observed);
    return observed;
  } finally {
    await host.stop();
    row.repair?.();
    rmSync(root, { recursive: true, force: true });
  }
}

async function ending(attempt: Promise<Ended>, abort: () => void): Promise<Ended> {
  const timer = new AbortController();
  const late = pause(deadline, null, { signal: timer.signal }).catch(() => null);
  const ended = await Promise.race([attempt, late]);
  timer.abort();
  if (ended !== null) return ended;
  abort();
  return { outcome: 'no end', texts: {} };
}

/** Looks now and then at what lies beside the target while it grows. */
function watch({ host, target }: Scene, size: number, wrong: string[]): void {
  let next = size / 8;
  host.onServed = () => {
    if (host.served < next) return;
    next += size / 8;
    for (const leak of leaksIn(host, textsBeside(target))) if (!wrong.includes(leak)) wrong.push(leak);
  };
}

function fileFaults({ target }: Scene, expected: boolean, bytes: Buffer): string[] {
  if (!expected) return [];
  try {
    return sha256(readFileSync(target)) === sha256(bytes) ? [] : ['other bytes'];
  } catch {
    return [];
  }
}

/** What has not ended with the end: connections, timers, further requests. */
async function goingOn(host: FaultyHost, timersBefore: number): Promise<string[]> {
  // What was sent just before the end arrives just after it.
  await pause(5);
  const requests = host.requests.length;
  await pause(15);
  for (let round = 0; round < 50 && (host.open > 0 || timers() > timersBefore); round += 1) await pause(20);
  return [
    ...(host.open > 0 ? [`${host.open} requests still open`] : []),
    ...(timers() > timersBefore ? ['a timer still set'] : []),
    ...(host.requests.length > requests ? ['requests after the end'] : []),
    ...(host.strays > 0 ? ['a redirect was followed'] : []),
  ];
}

/** Runs again, all being well now, with another URL for the same object. @returns bytes fetched ÷ size */
async function continued(
  attempt: Attempt,
  scene: Scene,
  row: Row,
  overwrite: boolean,
  wrong: string[],
): Promise<number> {
  const { host } = scene;
  const { bytes } = await storedObject(row.size);
  await host.heal();
  row.repair?.();
  const ended = await attempt(scene, { ...row, fetch: undefined }, overwrite, new AbortController().signal);
  if (ended.outcome !== 'file ✓') wrong.push(`not continued: ${ended.outcome}`);
  wrong.push(...(ended.wrong ?? []), ...leaksIn(host, ended.texts));
  wrong.push(...wronglyLeft(scene, null, null), ...fileFaults(scene, true, bytes));
  const ratio = host.served / bytes.length;
  // Of a download that broke at its last byte most had been finished, however it was divided. The request that finds the
  // file there has its beginning answered before it is known what is kept.
  const beginning = Math.min(opening, bytes.length) / bytes.length;
  const most = row.stage === 'last byte' && row.size === 'large' ? 0.8 : 1 + beginning;
  if (ratio > most + 0.001) wrong.push(`${ratio.toFixed(2)} of it fetched again`);
  return ratio;
}
