import { formatDuration, type ExportProgress } from '../index.js';

/** Shows how the teams get on. */
export interface ProgressView {
  update(teamId: string, progress: ExportProgress): void;
  /** The team is done, one way or the other. */
  finish(teamId: string, text: string): void;
  stop(): void;
}

export const silentProgress: ProgressView = {
  update: () => undefined,
  finish: () => undefined,
  stop: () => undefined,
};

const everyMilliseconds = 10_000;

/** Plain lines for pipes and log files: one a phase, and a sign of life every ten seconds. */
export class PlainProgress implements ProgressView {
  readonly #write: (line: string) => void;
  readonly #last = new Map<string, { phase: string; at: number }>();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  update(teamId: string, progress: ExportProgress): void {
    // The line that says how it ended follows at once.
    if (progress.phase === 'verified') return;
    const last = this.#last.get(teamId);
    const now = performance.now();
    if (last?.phase === progress.phase && now - last.at < everyMilliseconds) return;
    this.#last.set(teamId, { phase: progress.phase, at: now });
    this.#write(`team ${teamId}: ${describeProgress(progress)}\n`);
  }

  finish(teamId: string, text: string): void {
    this.#write(`team ${teamId}: ${text}\n`);
  }

  stop(): void {
    // Nothing to tidy.
  }
}

export function describeProgress(progress: ExportProgress): string {
  switch (progress.phase) {
    case 'requesting':
      return 'requesting the export';
    case 'requested':
      return `requested, ${progress.handle.exportId}`;
    case 'waiting': {
      const { number, elapsed, seen } = progress.attempt;
      return `waiting for the file, ${formatDuration(elapsed)}, attempt ${number}: ${seen}`;
    }
    case 'downloading':
      return `downloading, ${formatBytes(progress.bytes)} of ${formatBytes(progress.size)}`;
    case 'verified':
      return `verified (${progress.file.verified}), ${formatBytes(progress.file.bytes)}`;
  }
}

/** Decimal units, as networks count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}
