import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Scene } from './row.js';
import type { Attempt, Ended } from './run-row.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const cli = here('../../dist/cli.cjs');
const clockJump = here('clock-jump.mjs');

/** Codes that do not end in exit status 1; see docs/errors.md. */
const statuses: Record<string, number> = {
  'file ✓': 0,
  AUTHENTICATION_FAILED: 4,
  EXPORT_FAILED: 5,
  NOT_READY: 6,
  OBJECT_CHANGED: 8,
  LENGTH_MISMATCH: 8,
  ARCHIVE_INVALID: 8,
  ABORTED: 130,
};

export interface Circumstances {
  overwrite: boolean;
  /** Milliseconds that the process's clock on the wall is wrong by, from its start, and from SIGUSR2 on. */
  wrongBy?: number;
  jump?: number;
  /** RLIMIT_FSIZE, in KiB. */
  largestFile?: number;
  timeout?: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts the command line, with nothing of our own environment but the path. */
export function startCli({ host, target }: Scene, circumstances: Circumstances): Running {
  const { overwrite, wrongBy = 0, jump = 0, largestFile, timeout = '3s' } = circumstances;
  const output = target.slice(0, target.lastIndexOf('/') + 1);
  const args = [
    ...(wrongBy === 0 && jump === 0 ? [] : ['--import', clockJump]),
    ...[cli, 'team-overview', '121', '--json', '--timeout', timeout, '--output', output],
    ...(overwrite ? ['--overwrite'] : []),
  ];
  const env = {
    PATH: process.env['PATH'],
    ...host.environment,
    WRONG_BY: String(wrongBy),
    JUMP: String(jump),
  };
  const child =
    largestFile === undefined
      ? spawn(process.execPath, args, { env })
      : spawn('bash', ['-c', `ulimit -f ${largestFile}; exec "$0" "$@"`, process.execPath, ...args], { env });
  const ended = outputOf(child).then(({ stdout, stderr, status, killed }): Ended => {
    const texts = { stdout, stderr, command: args.join(' ') };
    if (killed) return { outcome: 'killed', texts };
    const outcome = outcomeIn(stdout);
    const expected = statuses[outcome] ?? 1;
    return { outcome, texts, wrong: status === expected ? [] : [`exit status ${String(status)}: ${stderr}`] };
  });
  return { child, ended };
}

/** The command line as an attempt; an abort is SIGINT. */
export const commandLine =
  (circumstances: Partial<Circumstances> = {}): Attempt =>
  async (scene, _, overwrite, signal) => {
    const { child, ended } = startCli(scene, { overwrite, ...circumstances });
    return interruptible(child, ended, signal);
  };

/** The library in a process that does nothing else, and has to end by itself when it has the answer. */
export const ownProcess: Attempt = async ({ host, target }, { stallTimeout = 40_000 }, overwrite, signal) => {
  const what = { url: host.presign(), to: target.slice(0, target.lastIndexOf('/') + 1), overwrite, stallTimeout };
  const child = spawn(process.execPath, [here('library-process.mjs')], {
    env: { PATH: process.env['PATH'], WHAT: JSON.stringify(what) },
  });
  let tooLong = false;
  child.stdout.once('data', () => {
    const timer = setTimeout(() => (tooLong = child.kill('SIGKILL')), 5000);
    child.once('close', () => {
      clearTimeout(timer);
    });
  });
  const ended = outputOf(child).then(({ stdout, stderr, status }): Ended => {
    const wrong = [...(tooLong ? ['does not end by itself'] : []), ...(status === 0 || tooLong ? [] : [`status ${String(status)}`])];
    return { outcome: outcomeIn(stdout), texts: { stdout, stderr }, wrong };
  });
  return interruptible(child, ended, signal);
}; // prettier-ignore

async function interruptible(
  child: ChildProcess,
  ended: Promise<Ended>,
  signal: AbortSignal,
): Promise<Ended> {
  const interrupt = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt);
  return ended.finally(() => {
    signal.removeEventListener('abort', interrupt);
  });
}

interface Output {
  stdout: string;
  stderr: string;
  status: number | null;
  killed: boolean;
}

async function outputOf(child: ChildProcess): Promise<Output> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      resolve({ stdout, stderr, status, killed: signal === 'SIGKILL' });
    });
  });
}

function outcomeIn(stdout: string): string {
  try {
    const said = JSON.parse(stdout) as { sha256?: string; error?: { code: string } };
    return said.error?.code ?? (said.sha256 === undefined ? 'no outcome' : 'file ✓');
  } catch {
    return 'no outcome';
  }
}
