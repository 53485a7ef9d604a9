import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

export interface CliResult {
  status: number | null;
  stdout: string;
  stderr: string;
  /** stdout, split into lines. */
  lines: string[];
}

export interface RunningCli {
  child: ChildProcess;
  result: Promise<CliResult>;
  /** Resolves when stderr has matched. */
  seen(pattern: RegExp): Promise<void>;
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'datasaur-export-test-'));
}

/** Starts the built command line in `cwd`, with nothing of our own environment but the path. */
export function startCli(args: readonly string[], env: Record<string, string>, cwd: string): RunningCli {
  const child = spawn(process.execPath, [cli, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const result = new Promise<CliResult>((resolve) => {
    child.on('close', (status) => {
      resolve({ status, stdout, stderr, lines: stdout.split('\n').filter((line) => line !== '') });
    });
  });
  const seen = async (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(stderr)) resolve();
      };
      child.stderr.on('data', look);
      child.on('close', () => {
        reject(new Error(`ended without ${String(pattern)}:\n${stderr}`));
      });
      look();
    });
  return { child, result, seen };
}

export async function runCli(
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<CliResult> {
  return startCli(args, env, cwd).result;
}
