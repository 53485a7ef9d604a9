// Regenerates generated/ in memory of what is committed, and fails with the names of the files that differ.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const snapshot = () =>
  new Map(readdirSync('generated').map((name) => [name, readFileSync(`generated/${name}`, 'utf8')]));

const before = snapshot();
let after;
try {
  execFileSync('npm', ['run', '--silent', 'codegen'], { stdio: ['ignore', 'ignore', 'inherit'] });
  after = snapshot();
} finally {
  // A check leaves the tree as it found it.
  for (const name of snapshot().keys()) if (!before.has(name)) rmSync(`generated/${name}`);
  for (const [name, text] of before) writeFileSync(`generated/${name}`, text);
}
const names = new Set([...before.keys(), ...after.keys()]);
const differing = [...names].filter((name) => before.get(name) !== after.get(name));
if (differing.length > 0) {
  console.error(
    `Not up to date with schema/ and operations/: ${differing.map((name) => `generated/${name}`).join(', ')}`,
  );
  console.error('Run npm run codegen and commit the result.');
  process.exit(1);
}
console.log(`generated/ is up to date (${[...names].sort().join(', ')})`);
