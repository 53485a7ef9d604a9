// npm run demo: a Team Overview is requested, waited for, downloaded and verified, against the embedded sandbox.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox } from 'datasaur-export/sandbox';

const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
const sandbox = await startSandbox({ readyAfter: '3s' });
const folder = await mkdtemp(join(tmpdir(), 'datasaur-export-demo-'));
const args = ['team-overview', '121', '--output', `${folder}/`];

console.log(`A local Datasaur listens on ${sandbox.url}; its exports take 3 s.\n`);
console.log('$ datasaur-export team-overview 121 --output exports/');
const command = spawn(process.execPath, [cli, ...args], {
  stdio: 'inherit',
  env: { ...process.env, ...sandbox.environment },
});
const [status] = await once(command, 'exit');

const attempts = sandbox.requests.filter(({ kind }) => kind === 'object').length;
console.log(
  `\nexit status ${status}; the sandbox saw ${sandbox.requests.length} requests, ${attempts} of them for the file.`,
);
await sandbox.close();
await rm(folder, { recursive: true });
process.exitCode = status ?? 1;
