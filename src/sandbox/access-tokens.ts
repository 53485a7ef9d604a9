import { createHash, randomBytes } from 'node:crypto';

/** The access tokens that are good now: static ones for ever, issued ones until they expire. */
export class AccessTokens {
  /** By digest, so that a look-up's time tells nothing about a token. */
  readonly #expiry = new Map<string, number>();
  readonly #lifetime: number;

  constructor(staticTokens: readonly string[], lifetime: number) {
    this.#lifetime = lifetime;
    for (const token of staticTokens) this.#expiry.set(digest(token), Infinity);
  }

  issue(): { readonly token: string; readonly expiresIn: number } {
    this.#forgetExpired();
    const token = randomBytes(32).toString('base64url');
    this.#expiry.set(digest(token), Date.now() + this.#lifetime);
    // Rounded down: a client that trusts it never uses a dead token.
    return { token, expiresIn: Math.floor(this.#lifetime / 1000) };
  }

  /** Whether an `Authorization` header carries a token that is good now. */
  accepts(authorization: string | undefined): boolean {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    return token !== undefined && (this.#expiry.get(digest(token)) ?? 0) > Date.now();
  }

  #forgetExpired(): void {
    const now = Date.now();
    for (const [token, expiry] of this.#expiry) if (expiry <= now) this.#expiry.delete(token);
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
