import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatasaurExportError, foreignText, throwIfAborted } from '../errors/index.js';

/** How long the code generator may take, in milliseconds. */
const timeLimit = 5 * 60_000;
/** Of what it says, the end is kept. */
const outputLimit = 2000;

/** The code generator of the project in `folder`. */
export interface CodeGenerator {
  readonly folder: string;
  readonly program: string;
}

const configFile =
  /^(codegen\.(ya?ml|json|[cm]?[jt]s)|\.?codegenrc(\..+)?|\.graphqlrc(\..+)?|graphql\.config\..+)$/;

/**
 * graphql-codegen as the project has it: set up in `folder`, installed there or above. Null where it is not set up.
 *
 * @throws CODEGEN_FAILED if it is set up, but not installed
 */
export function codeGeneratorIn(folder: string): CodeGenerator | null {
  if (!isSetUp(folder)) return null;
  const name = process.platform === 'win32' ? 'graphql-codegen.cmd' : 'graphql-codegen';
  for (let place = resolve(folder); ; place = dirname(place)) {
    const program = join(place, 'node_modules', '.bin', name);
    if (existsSync(program)) return { folder, program };
    if (place === dirname(place)) break;
  }
  throw new DatasaurExportError('CODEGEN_FAILED', 'graphql-codegen is set up here, but not installed.', {
    hint: 'Install @graphql-codegen/cli; nothing was written.',
  });
}

function isSetUp(folder: string): boolean {
  if (readdirSync(folder).some((name) => configFile.test(name))) return true;
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    return 'codegen' in manifest;
  } catch {
    return false;
  }
}

/** Runs it; what it says is shown only if it fails. @throws CODEGEN_FAILED, ABORTED */
export async function generate({ folder, program }: CodeGenerator, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  const windows = process.platform === 'win32';
  const child = spawn(windows ? `"${program}"` : program, [], {
    cwd: folder,
    shell: windows,
    // A group of its own, which can be ended whole.
    detached: !windows,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-outputLimit)));
  }
  const limit = { reached: false };
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(windows ? child.pid : -child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  const timer = setTimeout(() => {
    limit.reached = true;
    end();
  }, timeLimit);
  signal?.addEventListener('abort', end);
  process.once('exit', end);
  const status = await new Promise<number | string | null>((settle) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      settle(error.code ?? 'unknown');
    });
    child.once('close', settle);
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
  process.off('exit', end);
  throwIfAborted(signal);
  if (status === 0) return;
  const how = limit.reached ? 'took longer than five minutes' : `ended with ${status ?? 'a signal'}`;
  throw new DatasaurExportError(
    'CODEGEN_FAILED',
    `graphql-codegen ${how}: ${foreignText(said, [], outputLimit)}`,
    {
      hint: 'All files in the schema folder are as they were.',
    },
  );
}
