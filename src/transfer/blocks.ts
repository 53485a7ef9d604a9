/** Files are fetched, written, digested and remembered in blocks of this many bytes; the last one may be shorter. */
export const blockSize = 1024 * 1024;

/** The longest run of blocks that one request asks for: long enough that the round trip before it hardly counts. */
const longestRun = 64;

/** Bytes `position` to `end` exclusive of the file, which nobody else fetches. */
export interface Claim {
  position: number;
  end: number;
}

/** Which bytes of a file are there, as the first so many of each block, and which are being fetched. No I/O. */
export class Blocks {
  readonly size: number;
  readonly count: number;
  readonly #had: number[];
  readonly #claimed: boolean[];
  #total = 0;

  /** @param kept how many of the first bytes of a block an earlier run left */
  constructor(size: number, kept: ReadonlyMap<number, number> = new Map()) {
    this.size = size;
    this.count = Math.ceil(size / blockSize);
    this.#had = Array.from({ length: this.count }, (_, block) => kept.get(block) ?? 0);
    this.#claimed = new Array<boolean>(this.count).fill(false);
    this.#total = this.#had.reduce((sum, had) => sum + had, 0);
  }

  /** Bytes that are there. */
  get total(): number {
    return this.#total;
  }

  lengthOf(block: number): number {
    return Math.min(blockSize, this.size - block * blockSize);
  }

  /** How many of the first bytes of `block` are there. */
  had(block: number): number {
    return this.#had[block] ?? 0;
  }

  isWhole(block: number): boolean {
    return this.had(block) === this.lengthOf(block);
  }

  add(block: number, bytes: number): void {
    this.#had[block] = this.had(block) + bytes;
    this.#total += bytes;
  }

  /**
   * The next bytes to fetch, in one request: from the first that nobody has or fetches, on to what is there or claimed,
   * but no more than a fair share of what is left, so that `sharers` connections end at about the same time.
   *
   * @param sharers 1 or more; `null` for all that is contiguous
   */
  claim(sharers: number | null): Claim | null {
    let first = 0;
    while (first < this.count && (this.#claimed[first] === true || this.isWhole(first))) first += 1;
    if (first === this.count) return null;
    const share = Math.ceil((this.size - this.#total) / blockSize / (2 * (sharers ?? 1)));
    const longest = sharers === null ? Infinity : Math.min(longestRun, share);
    let last = first + 1;
    while (
      last < this.count &&
      last - first < longest &&
      this.#claimed[last] !== true &&
      this.had(last) === 0
    )
      last += 1;
    return this.#take(first, last);
  }

  /** Claims the first bytes, of an answer that is already open, as far as nothing of them is there yet. */
  claimOpening(end: number): Claim | null {
    if (this.had(0) > 0 || this.#claimed[0] === true) return null;
    let last = 1;
    while (last * blockSize < end && this.had(last) === 0) last += 1;
    return { ...this.#take(0, last), end: Math.min(end, last * blockSize, this.size) };
  }

  /** What of a claim was not fetched is anybody's again. */
  release({ position, end }: Claim): void {
    for (let block = Math.floor(position / blockSize); block * blockSize < end; block += 1)
      this.#claimed[block] = false;
  }

  #take(first: number, last: number): Claim {
    this.#claimed.fill(true, first, last);
    return { position: first * blockSize + this.had(first), end: Math.min(last * blockSize, this.size) };
  }
}
