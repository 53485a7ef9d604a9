import { toMilliseconds, type Duration } from './duration.js';
import { isLoopbackHost } from './loopback.js';
import { DEFAULT_TEAMS, teamDirectory, type SandboxTeam, type TeamDirectory } from './teams.js';

/**
 * What goes wrong with a team's exports:
 *
 * - `FAILED`: the status becomes `FAILED`, and nothing is delivered;
 * - `NEVER_READY`: the status stays `IN_PROGRESS`, and nothing is delivered;
 * - `EXPIRED_URL`: the `fileUrl` has expired already when it is given;
 * - `EMPTY_FILE`: the file has no bytes;
 * - `CORRUPT_FILE`: one byte of the zip's payload is wrong, so that its CRC does not match.
 */
export type SandboxFailure = 'FAILED' | 'NEVER_READY' | 'EXPIRED_URL' | 'EMPTY_FILE' | 'CORRUPT_FILE';

/** Durations are milliseconds or a number with a unit: `'500ms'`, `'3s'`, `'15m'`, `'6h'`; at most 24 days. */
export interface SandboxOptions {
  /** Port to listen on. Default: 0, any free port. */
  readonly port?: number;
  /** Loopback host to listen on. Default: `'127.0.0.1'`. */
  readonly host?: string;
  /**
   * Time from the request until the result exists, is mailed or is sent. With 0, files and mails are there
   * before the request is answered. Default: `'1s'`.
   */
  readonly readyAfter?: Duration;
  /** Access tokens that are accepted and never expire; at least one. Default: `['sandbox-access-token']`. */
  readonly accessTokens?: readonly string[];
  /** OAuth client id. Default: `'sandbox-client'`. */
  readonly clientId?: string;
  /** OAuth client secret. Default: `'sandbox-secret'`. */
  readonly clientSecret?: string;
  /** How long a token from `/api/oauth/token` is good for. Default: `'1h'`. */
  readonly tokenLifetime?: Duration;
  /** How long a `fileUrl` is good for: whole seconds, from `'1s'` to `'168h'`. Default: `'6h'`. */
  readonly urlLifetime?: Duration;
  /** The account's teams. Default: five, among them `{ id: '121', name: 'Team Alvin' }` and one that may not export. */
  readonly teams?: readonly SandboxTeam[];
  /** The same seed gives the same bytes. Default: `'sandbox'`. */
  readonly seed?: string | number;
  /** Approximate size of a file, in bytes; at most 1 GiB. Held in memory once for each team, twice while it is made. Default: 4096. */
  readonly fileSize?: number;
  /** What a missing object answers: 404 `NoSuchKey`, or 403 `AccessDenied` as where the signer may not list. Default: `'NoSuchKey'`. */
  readonly missingObject?: 'NoSuchKey' | 'AccessDenied';
  /** What goes wrong, by team id. Default: nothing. */
  readonly failures?: Readonly<Record<string, SandboxFailure>>;
  /** HTTP status of GraphQL's "Unauthorized" error; the vendor documents none. Default: 401. */
  readonly unauthorizedStatus?: 200 | 401;
  /** Origins whose pages may read objects and ask the API (CORS), e.g. `'http://localhost:5173'`. Default: none. */
  readonly allowedOrigins?: readonly string[];
}

/** The options with their defaults filled in; durations in milliseconds. */
export interface SandboxSettings {
  readonly port: number;
  readonly host: string;
  readonly readyAfter: number;
  readonly accessTokens: readonly [string, ...string[]];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenLifetime: number;
  readonly urlLifetime: number;
  readonly teams: TeamDirectory;
  readonly seed: string;
  readonly fileSize: number;
  readonly missingObject: 'NoSuchKey' | 'AccessDenied';
  readonly failures: ReadonlyMap<string, SandboxFailure>;
  readonly unauthorizedStatus: 200 | 401;
  readonly allowedOrigins: readonly string[];
}

/** @throws RangeError when an option is out of range, or the host is not loopback. */
export function resolveOptions(options: SandboxOptions): SandboxSettings {
  return {
    port: options.port ?? 0,
    host: loopbackHost(options.host ?? '127.0.0.1'),
    readyAfter: toMilliseconds(options.readyAfter ?? '1s', 'readyAfter'),
    accessTokens: atLeastOne(options.accessTokens ?? ['sandbox-access-token']),
    clientId: options.clientId ?? 'sandbox-client',
    clientSecret: options.clientSecret ?? 'sandbox-secret',
    tokenLifetime: toMilliseconds(options.tokenLifetime ?? '1h', 'tokenLifetime'),
    urlLifetime: presignable(toMilliseconds(options.urlLifetime ?? '6h', 'urlLifetime')),
    teams: teamDirectory(options.teams ?? DEFAULT_TEAMS),
    seed: String(options.seed ?? 'sandbox'),
    fileSize: bytes(options.fileSize ?? 4096),
    missingObject: options.missingObject ?? 'NoSuchKey',
    failures: new Map(Object.entries(options.failures ?? {})),
    unauthorizedStatus: options.unauthorizedStatus ?? 401,
    allowedOrigins: (options.allowedOrigins ?? []).map(origin),
  };
}

function loopbackHost(host: string): string {
  // It has known credentials: nobody else on the network should reach it.
  if (!isLoopbackHost(host)) throw new RangeError(`host: expected a loopback host, got '${host}'`);
  return host.replace(/^\[(.*)\]$/, '$1');
}

function atLeastOne(tokens: readonly string[]): readonly [string, ...string[]] {
  const [first, ...others] = tokens;
  if (first === undefined) throw new RangeError('accessTokens: expected at least one');
  return [first, ...others];
}

function presignable(milliseconds: number): number {
  const seconds = milliseconds / 1000;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 604_800) return milliseconds;
  throw new RangeError(`urlLifetime: expected whole seconds from '1s' to '168h', got ${milliseconds} ms`);
}

function origin(text: string): string {
  // A browser's `Origin` is compared letter by letter.
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new RangeError(`allowedOrigins: expected origins such as 'http://localhost:5173', got '${text}'`);
}

function bytes(size: number): number {
  if (Number.isInteger(size) && size >= 0 && size <= 2 ** 30) return size;
  throw new RangeError(`fileSize: expected a number of bytes up to 1 GiB, got ${size}`);
}
