import {
  createDatasaurClient,
  DatasaurExportError,
  defaultBaseUrl,
  Destination,
  endpointsOf,
  parseDuration,
  typedError,
  type DatasaurClient,
  type TeamOverviewRequest,
} from '../index.js';
import { credentialsFrom, variable } from './environment.js';
import { exitStatus, statusOf, statusOfRun } from './exit-status.js';
import { errorText, isLive, jsonLine, wantsColor, type Outcome } from './output.js';
import { formatBytes, PlainProgress, silentProgress, type ProgressView } from './progress.js';
import type { TeamOverviewFlags } from './program.js';
import { runTeams } from './run-teams.js';

const { stdout, stderr } = process;

/** @returns the exit status */
export async function teamOverview(
  teamIds: string[],
  flags: TeamOverviewFlags,
  signal: AbortSignal,
): Promise<number> {
  const teams = [...new Set(teamIds.map((teamId) => teamId.trim()))];
  let prepared: Prepared;
  try {
    prepared = await prepare(teams, flags);
  } catch (error) {
    const failure = typedError(error);
    const status = statusOf(failure.code);
    // A wrong call is nobody's result; anything else is every team's.
    if (flags.json === true && status !== exitStatus.usage) {
      for (const teamId of teams) stdout.write(`${jsonLine({ teamId, error: failure })}\n`);
    }
    stderr.write(errorText(failure, null, wantsColor(stderr)));
    return status;
  }
  const outcomes = await run(prepared, flags, signal);
  return statusOfRun(
    teams.length,
    outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error.code] : [])),
  );
}

interface Prepared {
  client: DatasaurClient;
  requests: TeamOverviewRequest[];
  destination: Destination | null;
}

/** Finds everything that is wrong with the call before anything is requested. */
async function prepare(teams: readonly string[], flags: TeamOverviewFlags): Promise<Prepared> {
  const { method, output, overwrite, timeout, webhookUrl } = flags;
  const allowInsecureHttp = flags.insecureHttp === true;
  const baseUrl = flags.baseUrl ?? variable(process.env, 'DATASAUR_BASE_URL') ?? defaultBaseUrl;
  endpointsOf(baseUrl, { allowInsecureHttp });
  parseDuration(timeout, '--timeout');
  const requests = teams.map((teamId) => requestFor(teamId, method, webhookUrl));
  const client = createDatasaurClient({
    credentials: credentialsFrom(process.env),
    baseUrl,
    allowInsecureHttp,
  });
  if (method !== 'file-storage') {
    if (output !== undefined)
      stderr.write(`--output has no effect with --method ${method}: nothing is downloaded.\n`);
    return { client, requests, destination: null };
  }
  const destination = await Destination.prepare(output, {
    overwrite: overwrite === true,
    several: teams.length > 1,
  });
  return { client, requests, destination };
}

function requestFor(
  teamId: string,
  method: TeamOverviewFlags['method'],
  webhookUrl: string | undefined,
): TeamOverviewRequest {
  if (teamId === '' || /\p{Cc}/u.test(teamId)) throw usage('A team id is empty or malformed.');
  if (method !== 'custom-webhook') {
    if (webhookUrl !== undefined) throw usage('--webhook-url goes only with --method custom-webhook.');
    return method === 'email' ? { teamId, method: 'EMAIL' } : { teamId, method: 'FILE_STORAGE' };
  }
  if (webhookUrl === undefined) throw usage('--method custom-webhook needs --webhook-url.');
  if (!/^https?:\/\//i.test(webhookUrl) || !URL.canParse(webhookUrl))
    throw usage('--webhook-url is not an http(s) URL.');
  return {
    teamId,
    method: 'CUSTOM_WEBHOOK',
    webhookUrl,
    webhookSecret: variable(process.env, 'DATASAUR_WEBHOOK_SECRET'),
  };
}

async function run(
  { client, requests, destination }: Prepared,
  flags: TeamOverviewFlags,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const live = flags.quiet !== true && isLive(stderr);
  const view = await viewFor(flags, requests.map(({ teamId }) => teamId)); // prettier-ignore
  const late: (() => void)[] = [];
  // Lines that change and lines that stay would overwrite each other on one terminal.
  const write = (stream: NodeJS.WriteStream, text: string): void => {
    if (live && stream.isTTY) late.push(() => stream.write(text));
    else stream.write(text);
  };
  try {
    return await runTeams({
      client,
      requests,
      destination,
      timeout: flags.timeout,
      signal,
      onProgress: view.update.bind(view),
      onOutcome: (outcome) => {
        view.finish(outcome.teamId, ending(outcome));
        if (flags.json === true) write(stdout, `${jsonLine(outcome)}\n`);
        else if ('file' in outcome && outcome.file !== null) write(stdout, `${outcome.file.path}\n`);
        if ('error' in outcome) write(stderr, errorText(outcome.error, outcome.teamId, wantsColor(stderr)));
      },
    });
  } finally {
    view.stop();
    for (const writeNow of late) writeNow();
    await destination?.tidy();
  }
}

async function viewFor(flags: TeamOverviewFlags, teamIds: readonly string[]): Promise<ProgressView> {
  if (flags.quiet === true) return silentProgress;
  if (!isLive(stderr)) return new PlainProgress((text) => stderr.write(text));
  const { LiveProgress } = await import('./live-progress.js');
  return new LiveProgress(stderr, teamIds);
}

function ending(outcome: Outcome): string {
  if ('error' in outcome) return `failed: ${outcome.error.code}`;
  if (outcome.file !== null)
    return `done, ${formatBytes(outcome.file.bytes)} verified: ${outcome.file.verified}`;
  return outcome.handle.method === 'EMAIL'
    ? 'requested, the result is mailed'
    : 'requested, the result goes to the webhook';
}

function usage(message: string): DatasaurExportError {
  return new DatasaurExportError('INVALID_ARGUMENT', message, {
    hint: 'See datasaur-export team-overview --help.',
  });
}
