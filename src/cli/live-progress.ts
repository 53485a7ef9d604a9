import cliProgress from 'cli-progress';
import { formatDuration, type ExportProgress } from '../index.js';
import { describeProgress, formatBytes, type ProgressView } from './progress.js';

interface Payload {
  teamId: string;
  startedAt: number;
  progress: ExportProgress | null;
  /** Set when the team is done. */
  end: string | null;
}

/** One line a team that changes in place: the phase, the elapsed time, the attempts, and a bar once bytes arrive. */
export class LiveProgress implements ProgressView {
  readonly #bars: cliProgress.MultiBar;
  readonly #byTeam = new Map<string, cliProgress.SingleBar>();

  constructor(stream: NodeJS.WriteStream, teamIds: readonly string[]) {
    this.#bars = new cliProgress.MultiBar({
      stream,
      format: line,
      hideCursor: true,
      clearOnComplete: false,
      stopOnComplete: false,
      barsize: 24,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      // Elapsed time goes on while nothing else changes.
      forceRedraw: true,
      autopadding: false,
      emptyOnZero: true,
    });
    const startedAt = performance.now();
    for (const teamId of teamIds) {
      this.#byTeam.set(
        teamId,
        this.#bars.create(1, 0, { teamId, startedAt, progress: null, end: null } satisfies Payload),
      );
    }
  }

  update(teamId: string, progress: ExportProgress): void {
    const bar = this.#byTeam.get(teamId);
    if (progress.phase === 'downloading') bar?.setTotal(Math.max(1, progress.size));
    bar?.update(progress.phase === 'downloading' ? progress.bytes : 0, { progress });
  }

  finish(teamId: string, end: string): void {
    this.#byTeam.get(teamId)?.update({ end });
  }

  stop(): void {
    this.#bars.stop();
  }
}

function line(options: cliProgress.Options, params: cliProgress.Params, payload: Payload): string {
  const { teamId, startedAt, progress, end } = payload;
  const elapsed = formatDuration(performance.now() - startedAt);
  if (end !== null) return `team ${teamId}  ${end}`;
  if (progress?.phase === 'downloading') {
    const bar = cliProgress.Format.BarFormat(params.progress, options);
    return `team ${teamId}  ${bar}  ${formatBytes(progress.bytes)} of ${formatBytes(progress.size)}  ${elapsed}`;
  }
  if (progress?.phase === 'waiting') {
    const { number, seen } = progress.attempt;
    return `team ${teamId}  waiting for the file  ${elapsed}  attempt ${number}: ${seen}`;
  }
  return `team ${teamId}  ${progress === null ? 'starting' : describeProgress(progress)}  ${elapsed}`;
}
