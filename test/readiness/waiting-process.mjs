// Runs one scene of test/readiness/process.test.ts in a process of its own, with the built package, and prints what is
// left when it is over: the process is then to end by itself. Arguments: the package's entry, the scene, the URL.
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const [entry, scene, url] = process.argv.slice(2);
const { waitUntilReady } = await import(entry);
const controller = new AbortController();
const { signal } = controller;
const warnings = [];
process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`));

/** Whether `promise` is settled before the event loop gets to turn. */
async function settlesNow(promise) {
  let settled = false;
  promise.catch(() => undefined).finally(() => (settled = true));
  for (let turn = 0; turn < 100; turn += 1) await null;
  return settled;
}

/** What keeps the event loop alive, once what has just been destroyed is gone. */
async function left() {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  return process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|TLS|Immediate/.test(name));
}

const hanging = { deliveryStatus: () => new Promise(() => undefined) };
const scenes = {
  async pausing() {
    let attempted;
    const first = new Promise((resolve) => (attempted = resolve));
    const wait = waitUntilReady(url, { signal, onAttempt: attempted, ...hanging });
    await first;
    await sleep(20);
    return aborting([wait]);
  },
  async asking() {
    const wait = waitUntilReady(url, { signal });
    await sleep(400);
    return aborting([wait]);
  },
  async crowd() {
    const waits = Array.from({ length: 1000 }, () => waitUntilReady(url, { signal, ...hanging }));
    await sleep(600);
    return { listeners: getEventListeners(signal, 'abort').length, ...(await aborting(waits)) };
  },
  async closing() {
    const file = await waitUntilReady(url, { signal, firstRange: 20_000_000 });
    file.close();
    return { left: await left(), listeners: getEventListeners(signal, 'abort').length };
  },
  async forgetting() {
    await waitUntilReady(url, { firstRange: 20_000_000 });
    return {};
  },
};

async function aborting(waits) {
  const codes = Promise.all(waits.map((wait) => wait.catch(({ code }) => code)));
  controller.abort();
  const atOnce = await settlesNow(codes);
  return {
    atOnce,
    codes: [...new Set(await codes)],
    left: await left(),
    listenersLeft: getEventListeners(signal, 'abort').length,
  };
}

const result = await scenes[scene]();
process.stdout.write(JSON.stringify({ ...result, warnings }));
