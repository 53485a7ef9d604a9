/** What was seen how often, for the error that a wait ends with. */
export class Tally {
  attempts = 0;
  last = '';
  readonly #counts = new Map<string, number>();

  /** In the order in which they were first seen. */
  get counts(): readonly (readonly [label: string, count: number])[] {
    return [...this.#counts];
  }

  /** @param label such as `404 NoSuchKey`, `timeout`, `ECONNRESET` */
  add(label: string): void {
    this.attempts += 1;
    this.last = label;
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
  }

  /** `404 × 37, 503 × 2, last 404 NoSuchKey`: by status, and the last one in full where that says more. */
  toString(): string {
    if (this.attempts === 0) return 'nothing, no attempt had its turn';
    const kinds = new Map<string, number>();
    for (const [label, count] of this.#counts) {
      const kind = label.split(' ', 1)[0] ?? label;
      kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    }
    const parts = [...kinds].map(([kind, count]) => `${kind} × ${count}`);
    if (parts.length > 1 || !kinds.has(this.last)) parts.push(`last ${this.last}`);
    return parts.join(', ');
  }
}
