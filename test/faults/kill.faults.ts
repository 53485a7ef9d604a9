import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it } from '@jest/globals';
import { sizes, storedObject } from './exported-archive.js';
import { FaultyHost, fileName, sha256, type StoredObject } from './faulty-host.js';
import { planKills, type Kill } from './kill-plan.js';
import { error, trickle } from './network-faults.js';
import { startCli } from './processes.js';
import { precious, type Observed, type Scene } from './row.js';
import { record } from './table.js';
import { beside, leaksIn, textsBeside, wronglyLeft } from './traces.js';

const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000);
/** What may be lost with a process that is killed: the ranges that were being fetched, eight of 8 MiB at most. */
const inFlight = 8 * 8 * 1024 * 1024;
/** What the killed had on the disk, and what was fetched after them, where the object stayed the same. */
const continued = { kept: 0, size: 0, fetched: 0 };

it.each(planKills(seed))(`seed ${seed}, kill $number: $stage, $size`, async (kill) => {
  const observed = await play(kill);
  record(observed);
  expect(observed).toMatchObject({ outcome: 'file ✓', wrong: [] });
});

/** Which kills a run has is chance; that most of what was on the disk is not fetched again, is not. */
afterAll(() => {
  expect(continued.fetched).toBeLessThan(continued.size - continued.kept / 4);
});

async function play(kill: Kill): Promise<Observed> {
  const { number, size, served, later, times, overwrite, then } = kill;
  const object = await storedObject(size);
  const host = await FaultyHost.start(object);
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'datasaur-kill-')));
  const scene: Scene = { host, root, target: join(root, fileName), abort: () => undefined };
  const wrong: string[] = [];
  try {
    if (overwrite) writeFileSync(scene.target, precious);
    const start = performance.now();
    let fetched = 0;
    let requests = 0;
    for (let time = 0; time < times; time += 1) {
      wrong.push(...(await killed(scene, kill)));
      wrong.push(...leaksIn(host, textsBeside(scene.target)), ...halfTargets(scene, overwrite, object));
      fetched += host.served;
      requests += host.requests.length;
      await host.heal();
    }
    const kept = bytesKept(scene.target);
    const complete = existsSync(scene.target) && sha256(readFileSync(scene.target)) === sha256(object.bytes);
    const next = await nextObject(kill);
    host.object = next;
    const ended = await startCli(scene, { overwrite: overwrite || complete }).ended;
    const again = host.served;
    wrong.push(...(ended.wrong ?? []), ...leaksIn(host, ended.texts), ...wronglyLeft(scene, null, null));
    if (existsSync(scene.target) && sha256(readFileSync(scene.target)) !== sha256(next.bytes))
      wrong.push('other bytes');
    if (then === 'same' && !complete) {
      // And the byte that finds the file there.
      const most = Math.min(next.bytes.length, next.bytes.length - kept + inFlight) + 1;
      if (again > most) wrong.push(`fetched ${again} again, of which at most ${most} were missing`);
      if (size !== 'small') {
        continued.kept += kept;
        continued.size += next.bytes.length;
        continued.fetched += again;
      }
    }
    const when = served === null ? 'by time' : `at ${(served * 100).toFixed(0)} %`;
    return {
      fault: `kill -9 ${when}${later === 0 ? '' : ` + ${later.toFixed(0)} ms`}${times === 1 ? '' : ` × ${times}`}, then ${then} (${seed}/${number})`,
      stage: kill.stage,
      size,
      outcome: ended.outcome,
      expected: 'file ✓',
      requests: requests + host.requests.length,
      ratio: fetched / object.bytes.length,
      again: again / next.bytes.length,
      milliseconds: performance.now() - start,
      wrong,
    };
  } finally {
    await host.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** Runs the command line until its time has come. */
async function killed(scene: Scene, { size, served, later, overwrite }: Kill): Promise<string[]> {
  const { host } = scene;
  const bytes = sizes[size];
  if (size === 'small' && served !== null && served < 1) host.rules = [{ at: Math.floor(served * (bytes - 100)), act: trickle }];
  if (served === null) host.rules = [{ at: 0, times: 4, act: error(404, 'NoSuchKey') }];
  const { child, ended } = startCli(scene, { overwrite });
  const kill = (): void => {
    if (later === 0) child.kill('SIGKILL');
    else void pause(later).then(() => child.kill('SIGKILL'));
  };
  if (served === null) kill();
  // A process that continues another's work asks for less: its share is that of what is missing.
  else {
    const missing = bytes - bytesKept(scene.target);
    let done = false;
    host.onServed = () => {
      if (done || host.served < served * missing) return;
      done = true;
      kill();
    };
  }
  const { outcome, wrong = [] } = await ended;
  // What was to be killed may have come to its end before; to no other end.
  return outcome === 'killed' || outcome === 'file ✓' ? wrong : [`before the kill: ${outcome}`];
} // prettier-ignore

/** At any moment, the target is the old file, the new one, or nothing. */
function halfTargets({ target }: Scene, overwrite: boolean, object: StoredObject): string[] {
  if (!existsSync(target)) return overwrite ? ['the previous file is gone'] : [];
  const found = readFileSync(target);
  return found.equals(object.bytes) || (overwrite && found.equals(precious)) ? [] : ['half a target'];
}

/** What the process that may go on is served. */
async function nextObject({ size, then }: Kill): Promise<StoredObject> {
  if (then === 'same') return storedObject(size);
  return storedObject(then === 'changed' && size === 'large' ? 'small' : size, 2);
}

/** How much of the object the partial file holds, holes not counted. */
function bytesKept(target: string): number {
  const path = beside(target, 'partial');
  if (!existsSync(path) || !existsSync(beside(target, 'journal'))) return 0;
  const { size, blocks } = lstatSync(path);
  return Math.min(size, blocks * 512);
}
