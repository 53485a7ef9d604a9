import { DatasaurExportError, typedError } from '../index.js';
import { exitStatus, statusOf } from './exit-status.js';
import { errorText, wantsColor } from './output.js';
import type { SandboxFlags } from './program.js';

const { stdout, stderr } = process;

/** Runs until it is interrupted. @returns the exit status */
export async function sandbox({ port, readyAfter }: SandboxFlags, signal: AbortSignal): Promise<number> {
  try {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      throw usage(`--port must be a number from 0 to 65535.`);
    const { startSandbox } = await import('#sandbox');
    const running = await startSandbox({ port: Number(port), readyAfter }).catch((error: unknown) => {
      throw error instanceof RangeError ? usage(error.message) : error;
    });
    for (const [name, value] of Object.entries(running.environment))
      stdout.write(`export ${name}='${value}'\n`);
    stderr.write(
      `A local Datasaur is listening on ${running.url}; Ctrl-C ends it. Set the variables above, then run\n`,
    );
    stderr.write('  datasaur-export team-overview 121\n');
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    await running.close();
    return exitStatus.done;
  } catch (error) {
    const failure = portTaken(error, port) ?? typedError(error);
    stderr.write(errorText(failure, null, wantsColor(stderr)));
    return statusOf(failure.code);
  }
}

function portTaken(error: unknown, port: string): DatasaurExportError | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return null;
  return new DatasaurExportError('UNEXPECTED', `Port ${port} is in use.`, {
    hint: 'Choose another with --port; 0 takes any.',
  });
}

function usage(message: string): DatasaurExportError {
  return new DatasaurExportError('INVALID_ARGUMENT', message, {
    hint: 'See datasaur-export sandbox --help.',
  });
}
