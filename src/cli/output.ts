import pc from 'picocolors';
import type { DatasaurExportError, ExportHandle, VerifiedFile } from '../index.js';

/** What became of one team. */
export type Outcome =
  | { teamId: string; handle: ExportHandle; file: VerifiedFile | null }
  | { teamId: string; error: DatasaurExportError };

/** The line for programs: the contract's fields, in its order. */
export function jsonLine(outcome: Outcome): string {
  const { teamId } = outcome;
  if ('error' in outcome) {
    const { code, message } = outcome.error;
    return JSON.stringify({ teamId, error: { code, message } });
  }
  const { exportId, method } = outcome.handle;
  const { path = null, bytes = null, sha256 = null, etag = null, verified = null } = outcome.file ?? {};
  return JSON.stringify({ teamId, exportId, method, path, bytes, sha256, etag, verified });
}

/** What people read when something failed: what, for which team, with which code, and what to do next. */
export function errorText(error: DatasaurExportError, teamId: string | null, color: boolean): string {
  const paint = pc.createColors(color);
  const about = teamId === null ? '' : `team ${teamId}: `;
  const head = `${paint.red('error')} ${paint.bold(error.code)}: ${about}${error.message}`;
  return error.hint === '' ? `${head}\n` : `${head}\n  ${paint.dim('hint:')} ${error.hint}\n`;
}

/** Each stream checks its own terminal. */
export function wantsColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR = '', TERM = '' } = process.env;
  return stream.isTTY && NO_COLOR === '' && TERM !== 'dumb';
}

/** Whether a stream can show a line that changes. */
export function isLive(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env['TERM'] !== 'dumb';
}
