// @ts-check
// npm run bench: how fast and how lean is the transfer, beside curl and others? See docs/speed.md.
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge } from './bars.mjs';
import { makeCertificates } from './certificates.mjs';
import { chart, panelsOf } from './chart.mjs';
import { sha256Of } from './checksum.mjs';
import { compare } from './compare.mjs';
import { startDatasaur } from './datasaur.mjs';
import { startFileHost } from './file-host.mjs';
import { describeMachine } from './machine.mjs';
import { writeObject } from './objects.mjs';
import { planOf, roomFor } from './plan.mjs';
import { barsText, cellText, machineText, reportText } from './table.mjs';
import { atExit, remove } from './teardown.mjs';
import { findTools } from './tools.mjs';
import { helpText, readWishes } from './wishes.mjs';
import { makeWorkspace, memoryHolds } from './workspace.mjs';

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

const wishes = readWishes(process.argv.slice(2));
if (typeof wishes === 'string') {
  say(wishes);
  process.exit(2);
}
if (wishes.help) {
  console.log(helpText);
  process.exit(0);
}
const tools = findTools();
if (typeof tools === 'string') {
  say(tools);
  process.exit(2);
}
let plan = planOf(wishes);
if (plan.some(({ object }) => object === '4 GiB') && !memoryHolds(roomFor(plan))) {
  say('4 GiB is left out: memory has no room for the archive and a copy of it.');
  plan = plan.filter(({ object }) => object !== '4 GiB');
}
if (plan.length === 0) {
  say('No cell is left to measure.');
  process.exit(2);
}

const workspace = makeWorkspace(roomFor(plan));
if (workspace === null) {
  say(`Neither memory nor disk has room for ${(roomFor(plan) / 1e9).toFixed(1)} GB.`);
  process.exit(2);
}
const { folder, disk } = workspace;
if (!disk.startsWith('memory')) say(`The files are ${disk}: the disk is measured too.`);

const machine = describeMachine(tools, disk);
const { load } = machine;
if (load > 0.5)
  say(`Something else is running here (load ${load.toFixed(1)}): seconds will be off, ratios less so.`);
const certificates = makeCertificates(tools.openssl, folder);
const objects = wishes.objects ?? join(folder, 'objects');
mkdirSync(objects, { recursive: true });
const host = await startFileHost({ nginx: tools.nginx, folder, objects, certificates });
/** @type {(name: import('./objects.mjs').ObjectName) => string} */
const fileNameOf = (name) => `${name.replaceAll(' ', '-').toLowerCase()}.zip`;
/** @type {(cell: import('./plan.mjs').Cell) => string} */
const urlOf = ({ object, scheme, capped }) => host.url(fileNameOf(object), scheme, capped);
const datasaur = await startDatasaur(Object.fromEntries(plan.map((cell) => [cell.title, urlOf(cell)])));

/** @type {Map<string, { bytes: number, sha256: string }>} */
const stored = new Map();
/** @param {import('./objects.mjs').ObjectName} name */
async function store(name) {
  const known = stored.get(name);
  if (known !== undefined) return known;
  const path = join(objects, fileNameOf(name));
  if (!existsSync(path)) {
    say(`writing the archive of ${name}`);
    // Where archives are kept, one that was interrupted must not pass for a whole one.
    const forget = atExit(() => {
      remove(`${path}.new`);
    });
    await writeObject(name, `${path}.new`);
    renameSync(`${path}.new`, path);
    forget();
  }
  const made = { bytes: statSync(path).size, sha256: await sha256Of(path) };
  stored.set(name, made);
  return made;
}

console.log(`${machineText(machine)}\n`);
/** @type {import('./results.mjs').CellResult[]} */
const cells = [];
for (const cell of plan) {
  const object = { ...(await store(cell.object)), url: urlOf(cell), teamId: cell.title };
  const result = await compare(cell, object, {
    folder,
    tools,
    ca: certificates.ca,
    datasaur: datasaur.url,
    say: process.stderr.isTTY ? (text) => process.stderr.write(`\r\u001b[K${text}`) : () => undefined,
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (result.invalid !== null) say(`\n!!! ${cell.title} is INVALID: ${result.invalid}\n`);
  console.log(cellText(result));
  cells.push(result);
}
await datasaur.stop();
await host.stop();

const bars = judge(cells);
const judged = wishes.partial ? bars.filter(({ measured }) => measured !== null) : bars;
if (judged.length > 0) console.log(barsText(judged));
if (!wishes.partial) {
  const results = fileURLToPath(new URL('../results/', import.meta.url));
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'latest.json'), `${JSON.stringify({ machine, cells, bars }, null, 1)}\n`);
  writeFileSync(join(results, 'latest.md'), reportText({ machine, cells, bars }));
  writeFileSync(join(results, 'latest.svg'), chart(panelsOf(cells)));
  say('written: bench/results/latest.md, latest.json, latest.svg');
}
process.exit(cells.some(({ invalid }) => invalid !== null) ? 1 : 0);
