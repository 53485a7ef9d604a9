import { DatasaurExportError } from '../errors/index.js';
import { refusalOf, type UrlRefusal } from './secure-url.js';

const refusals: Readonly<Record<UrlRefusal, readonly [message: string, hint: string]>> = {
  'not-http': [
    'it is not an http(s) URL',
    'Ask for the export again; if it stays so, the server is misconfigured.',
  ],
  'has-userinfo': [
    'it holds a user name or password',
    'A presigned URL needs neither; the server is misconfigured.',
  ],
  'insecure-http': [
    'it is plain http to a host that is not this machine, so that anyone on the way could read the file',
    'If you accept that, allow insecure http (--insecure-http, allowInsecureHttp).',
  ],
};

/**
 * A presigned URL: whoever has it can read the file, so it prints redacted everywhere (`toString`, JSON,
 * `util.inspect`, template strings) and yields its value only to {@link reveal}.
 */
export class PresignedUrl {
  readonly #url: URL;

  private constructor(url: URL) {
    this.#url = url;
  }

  /**
   * @param options.allowInsecureHttp also accept plain `http:` to hosts other than loopback. Default false.
   * @throws FILE_URL_REFUSED for anything that is not an absolute https URL, or http to loopback.
   */
  static from(value: string | URL | PresignedUrl, { allowInsecureHttp = false } = {}): PresignedUrl {
    if (value instanceof PresignedUrl) return value;
    const url = URL.canParse(value) ? new URL(value) : null;
    const refusal = url === null ? 'not-http' : refusalOf(url, allowInsecureHttp);
    if (url === null || refusal !== null) {
      const [message, hint] = refusals[refusal ?? 'not-http'];
      throw new DatasaurExportError('FILE_URL_REFUSED', `The URL of the file is refused: ${message}.`, {
        hint,
      });
    }
    return new PresignedUrl(url);
  }

  /** The URL with its signature. Never print it. */
  reveal(): string {
    return this.#url.href;
  }

  /** `https://host:port`, the port only where it is not the usual one. */
  get origin(): string {
    return this.#url.origin;
  }

  get host(): string {
    return this.#url.host;
  }

  /** The last segment of the path, percent-decoded; possibly empty, and not yet safe as a file name. */
  get fileName(): string {
    const segment = this.#url.pathname.split('/').at(-1) ?? '';
    try {
      return decodeURIComponent(segment);
    } catch {
      return segment;
    }
  }

  /**
   * When the signature stops being accepted, as `X-Amz-Date` plus `X-Amz-Expires` (seconds) say or, in a URL signed the
   * older way, `Expires` (seconds since the epoch); null for URLs without them. Temporary credentials may end it earlier.
   */
  get expiresAt(): Date | null {
    const query = new Map([...this.#url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
    const classic = query.get('expires') ?? '';
    if (query.has('signature') && /^\d{1,11}$/.test(classic)) return new Date(Number(classic) * 1000);
    const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('x-amz-date') ?? '');
    const seconds = query.get('x-amz-expires') ?? '';
    if (date === null || !/^\d{1,9}$/.test(seconds)) return null;
    const [, year, month, day, hour, minute, second] = date.map(Number);
    if (year === undefined || month === undefined) return null;
    return new Date(Date.UTC(year, month - 1, day, hour, minute, second) + Number(seconds) * 1000);
  }

  /** The parts of the query that must not be repeated in any message. */
  get secrets(): string[] {
    const secret = /^(x-amz-(signature|credential|security-token)|x-goog-signature|signature|sig)$/i;
    return [...this.#url.searchParams].filter(([name]) => secret.test(name)).map(([, value]) => value);
  }

  toString(): string {
    return `${this.#url.origin}${this.#url.pathname}${this.#url.search === '' ? '' : '?[redacted]'}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `PresignedUrl(${this.toString()})`;
  }
}
