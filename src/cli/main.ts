/** The command line: arguments in, the public API, exit status out. */
import { setMaxListeners } from 'node:events';
import { exitStatus } from './exit-status.js';
import { flushed } from './flushed.js';
import { version } from './version.js';

/** After a signal everything is given this long to end by itself, in milliseconds. */
const patience = 900;

const stopping = new AbortController();
// One listener for each team and stage is what it is for.
setMaxListeners(0, stopping.signal);
let signalled: number | null = null;
let failedOutput = false;

for (const [name, status] of [
  ['SIGINT', exitStatus.interrupted],
  ['SIGTERM', exitStatus.terminated],
  ['SIGHUP', exitStatus.hungUp],
] as const) {
  process.on(name, () => {
    // Whoever asks twice does not want to wait.
    if (signalled !== null) process.exit(status);
    signalled = status;
    setTimeout(() => process.exit(status), patience).unref();
    stopping.abort();
  });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no failure; a full disk behind `>` is: the result is not there.
  if (error.code !== 'EPIPE') failedOutput = true;
});
process.stderr.on('error', () => undefined);

// What is imported here is loaded only when it is run, so that --help and --version do not pay for the rest.
async function run(args: readonly string[]): Promise<number> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${version}\n`);
    return exitStatus.done;
  }
  const { runProgram } = await import('./program.js');
  return runProgram(args, {
    teamOverview: async (teamIds, flags) =>
      (await (await import('./bytecode.js')).loadTeamOverview()).teamOverview(
        teamIds,
        flags,
        stopping.signal,
      ),
    schemaCheck: async (flags) => (await import('./schema-command.js')).schemaCheck(flags, stopping.signal),
    schemaPull: async (flags) => (await import('./schema-command.js')).schemaPull(flags, stopping.signal),
    sandbox: async (flags) => (await import('./sandbox-command.js')).sandbox(flags, stopping.signal),
  });
}

void run(process.argv.slice(2))
  .catch((error: unknown) => {
    process.stderr.write(`error UNEXPECTED: ${error instanceof Error ? error.name : 'unknown'}\n`);
    return exitStatus.unexpected;
  })
  .then(async (found) => {
    await flushed(process.stdout);
    if (failedOutput) process.stderr.write('error UNEXPECTED: standard output could not be written to.\n');
    await flushed(process.stderr);
    process.exit(signalled ?? (failedOutput ? exitStatus.unexpected : found));
  });
