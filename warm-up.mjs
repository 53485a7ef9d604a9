// Run by build.mjs, in a process of its own: makes an export against the sandbox, and keeps the bytecode of what was run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileForKeeping } from './dist/cli/bytecode.cjs';
import { startSandbox } from './dist/src/sandbox/index.js';

const output = mkdtempSync(join(tmpdir(), 'datasaur-export-build-'));
const sandbox = await startSandbox({ readyAfter: '1ms' });
Object.assign(process.env, sandbox.environment);
const { command, keep } = compileForKeeping();
const flags = { method: 'file-storage', timeout: '1m', output };
process.exitCode = await command.teamOverview(['121'], flags, new AbortController().signal);
writeFileSync(...keep());
await sandbox.close();
rmSync(output, { recursive: true });
