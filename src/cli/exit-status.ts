import type { ErrorCode } from '../index.js';

/** The exit statuses of the command line; a contract, see docs/cli.md. */
export const exitStatus = {
  done: 0,
  unexpected: 1,
  /** Of `schema check`. */
  breakingChange: 1,
  usage: 2,
  /** Of `schema check`. */
  dangerousChange: 3,
  credentials: 4,
  exportFailed: 5,
  notReady: 6,
  someTeamsFailed: 7,
  verificationFailed: 8,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

const statusByCode: Partial<Record<ErrorCode, number>> = {
  INVALID_ARGUMENT: exitStatus.usage,
  BASE_URL_REFUSED: exitStatus.usage,
  NO_CREDENTIALS: exitStatus.credentials,
  AUTHENTICATION_FAILED: exitStatus.credentials,
  PERMISSION_DENIED: exitStatus.credentials,
  EXPORT_FAILED: exitStatus.exportFailed,
  NOT_READY: exitStatus.notReady,
  DELIVERED_WITHOUT_FILE: exitStatus.notReady,
  OBJECT_CHANGED: exitStatus.verificationFailed,
  LENGTH_MISMATCH: exitStatus.verificationFailed,
  ARCHIVE_INVALID: exitStatus.verificationFailed,
};

export function statusOf(code: ErrorCode): number {
  return statusByCode[code] ?? exitStatus.unexpected;
}

/** @param failures the codes of the teams that failed, of `teams` teams */
export function statusOfRun(teams: number, failures: readonly ErrorCode[]): number {
  const [first] = failures;
  if (first === undefined) return exitStatus.done;
  return teams > 1 ? exitStatus.someTeamsFailed : statusOf(first);
}
