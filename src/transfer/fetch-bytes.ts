import { throwIfAborted } from '../errors/index.js';
import { onAbort, type Clock, type Opening, type RemoteFile } from '../readiness/index.js';
import { Assembly } from './assembly.js';
import type { Claim } from './blocks.js';
import type { Digester, Digests } from './digest.js';
import { interrupted } from './interrupted.js';
import { nextLaneCount, type Sample } from './lane-count.js';
import { runLane, type Break, type LaneContext } from './lane.js';
import type { PartialFile } from './partial-file.js';
import { SlotPool } from './slot-pool.js';
import { sampleThroughput } from './throughput.js';

export interface FetchBytesOptions {
  signal: AbortSignal;
  clock: Clock;
  /** Milliseconds without a byte after which a connection is given up. */
  stallTimeout: number;
  /** At most so many connections at once. */
  connections: number;
  onBytes: (total: number) => void;
}

export interface FetchedBytes extends Digests {
  /** Whether every answer bore the object's strong ETag. */
  sameEtag: boolean;
  /** The CRC-32 of each block. */
  crcs: ReadonlyMap<number, number>;
}

/** So many megabytes of memory a download uses for bytes on their way to the disk, besides one for each connection. */
const slots = 1;
/** A process that dies loses no more than came in about so many milliseconds, */
const savePeriod = 100;
/** or, of a block that grows slowly, in so many of those: the journal, which has a line for each time, must stay short. */
const slowly = { bytes: 64 * 1024, periods: 10 };
/** When (ms) it is tried again whether more connections bring more. */
const secondThoughts = 5000;
/** What is less than so many bytes comes over one connection, in one request. */
const worthSharing = 16 * 1024 * 1024;

/**
 * Brings what is missing of `remote` into `partial`, over as many connections as bring something, continuing after
 * breaks as long as attempts bring something new.
 *
 * @throws DOWNLOAD_INTERRUPTED, LENGTH_MISMATCH, ABORTED, DISK_*, and whatever an answer that is final means
 */
export async function fetchBytes(
  remote: RemoteFile,
  partial: PartialFile,
  digester: Digester,
  options: FetchBytesOptions,
): Promise<FetchedBytes> {
  const fetching = new Fetching(remote, partial, digester, options);
  return fetching.run();
}

class Fetching {
  readonly #remote: RemoteFile;
  readonly #options: FetchBytesOptions;
  readonly #resumable: boolean;
  readonly #assembly: Assembly;
  readonly #end = new AbortController();
  /** Fires when all bytes have come, too. */
  readonly #complete = new AbortController();
  readonly #lanes = new Set<Promise<void>>();
  /** Lanes that have not ended, and are not about to. */
  #active = 0;
  /** Lanes beyond these end at the end of their claim. */
  #wanted = 1;
  /** How many lanes there may come to be, so that early claims leave something for them; null for one and no more. */
  #sharers: number | null;
  /** Lanes of which a byte has come. */
  readonly #flowing = new Set<object>();
  #furthest = 0;
  #error: unknown = null;
  #broken: Break | null = null;
  #sameEtag = true;

  constructor(remote: RemoteFile, partial: PartialFile, digester: Digester, options: FetchBytesOptions) {
    this.#remote = remote;
    this.#options = options;
    this.#resumable = partial.resumable;
    // Only under If-Match are several answers certainly of one object.
    this.#sharers = remote.strongEtag === null ? null : options.connections;
    const pool = new SlotPool(slots + options.connections, remote.size);
    this.#assembly = new Assembly({ partial, digester, pool, size: remote.size }, this.#fail.bind(this));
  }

  async run(): Promise<FetchedBytes> {
    const { signal } = this.#options;
    const release = onAbort(signal, this.#stop.bind(this));
    try {
      await this.#assembly.resume(signal);
      if (this.#remaining < worthSharing) this.#sharers = null;
      this.#report();
      this.#startFirst();
      void this.#saveNowAndThen();
      void this.#grow();
      while (this.#lanes.size > 0) await Promise.all(this.#lanes);
      throwIfAborted(signal);
      this.#throwIfFailed();
      if (this.#assembly.blocks.total < this.#remote.size)
        throw interrupted(this.#remote.size, this.#furthest, this.#broken, this.#resumable);
      const digests = await this.#assembly.finish();
      this.#throwIfFailed();
      return { ...digests, sameEtag: this.#sameEtag, crcs: this.#assembly.crcs };
    } catch (error) {
      this.#stop();
      await this.#assembly.suspend();
      throw error;
    } finally {
      release();
      this.#stop();
    }
  }

  /** How many bytes were there at most. */
  get #position(): number {
    return this.#assembly.blocks.total;
  }

  get #remaining(): number {
    return this.#remote.size - this.#position;
  }

  #stop(): void {
    this.#end.abort();
    this.#complete.abort();
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    this.#stop();
  }

  #throwIfFailed(): void {
    if (this.#error !== null) throw this.#error as Error;
  }

  #report(): void {
    this.#furthest = Math.max(this.#furthest, this.#position);
    if (this.#remaining === 0) this.#complete.abort();
    try {
      this.#options.onBytes(this.#position);
    } catch (error) {
      // Whoever listens in may fail; not in the middle of a socket.
      this.#fail(error);
    }
  }

  /** The first lane goes on with the answer that proved the file to be there, if what it brings is still missing. */
  #startFirst(): void {
    // What is not going to be read stays with the remote file, which is closed in the end.
    if (this.#end.signal.aborted) return;
    const opening = this.#remote.takeOpening();
    if (opening?.verdict.state !== 'ready') {
      this.#start(null);
      return;
    }
    const end = opening.verdict.last + 1;
    const useful = this.#resumable || end >= this.#remote.size;
    const claim = useful ? this.#assembly.blocks.claimOpening(end) : null;
    if (claim === null) opening.close();
    this.#start(claim === null ? null : { opening, claim });
  }

  #start(opening: { opening: Opening; claim: Claim } | null): void {
    const lane = { left: false };
    const leave = (): boolean => {
      lane.left = this.#active > 1;
      if (lane.left) this.#active -= 1;
      return lane.left;
    };
    const context: LaneContext = {
      remote: this.#remote,
      assembly: this.#assembly,
      signal: this.#end.signal,
      wanted: this.#complete.signal,
      clock: this.#options.clock,
      stallTimeout: this.#options.stallTimeout,
      resumable: this.#resumable,
      claim: () =>
        this.#active > this.#wanted && leave() ? null : this.#assembly.blocks.claim(this.#sharers),
      leave,
      onOpened: ({ sameEtag }) => (this.#sameEtag &&= sameEtag),
      onBytes: () => {
        this.#flowing.add(lane);
        this.#report();
      },
    };
    this.#active += 1;
    const running = runLane(context, opening)
      .then((broken) => (this.#broken = broken ?? this.#broken), this.#fail.bind(this))
      .then(() => {
        if (!lane.left) this.#active -= 1;
        this.#flowing.delete(lane);
        this.#lanes.delete(running);
      });
    this.#lanes.add(running);
  }

  async #saveNowAndThen(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#end;
    for (let period = 1; ; period += 1) {
      await clock.delay(savePeriod, signal);
      if (signal.aborted) return;
      this.#assembly.save(period % slowly.periods === 0 ? 1 : slowly.bytes);
    }
  }

  /** Adds lanes for as long as they bring more, and thinks again now and then: networks change. */
  async #grow(): Promise<void> {
    const { connections, clock } = this.#options;
    const { signal } = this.#end;
    while (this.#sharers !== null && this.#remaining >= worthSharing && !signal.aborted) {
      const { local } = await this.#growOnce(connections);
      // A host that gave a lane up does not want more of them.
      if (local || this.#broken !== null || this.#wanted >= connections) return;
      await clock.delay(secondThoughts, signal);
    }
  }

  async #growOnce(most: number): Promise<{ local: boolean }> {
    let before: Sample | null = null;
    for (;;) {
      const now = await this.#sample();
      const next = nextLaneCount({ before, now, remaining: this.#remaining, most });
      // Fewer where a lane has left, or everything is being fetched.
      const lost = this.#active < this.#wanted;
      this.#wanted = Math.max(1, lost ? this.#active : next.lanes);
      if (lost || next.settled || this.#end.signal.aborted) {
        this.#sharers = this.#wanted;
        return next;
      }
      before = now;
      while (this.#active < this.#wanted) this.#start(null);
    }
  }

  async #sample(): Promise<Sample> {
    return sampleThroughput(
      { lanes: () => this.#active, flowing: () => this.#flowing.size, position: () => this.#position },
      this.#options.clock,
      this.#end.signal,
    );
  }
}
