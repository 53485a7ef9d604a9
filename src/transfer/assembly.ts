import { crc32 } from 'node:zlib';
import { DatasaurExportError, throwIfAborted } from '../errors/index.js';
import { Blocks, blockSize } from './blocks.js';
import type { Digester, Digests } from './digest.js';
import { diskError, onDisk } from './disk-error.js';
import type { PartialFile } from './partial-file.js';
import type { SlotPool } from './slot-pool.js';

/** A block of which bytes are in memory. Byte n of the block is byte n of `slot`. */
interface Gathered {
  block: number;
  slot: Uint8Array;
  /** What came before it into memory is only on the disk. */
  from: number;
  filled: number;
  /** Written, or being written, up to here; `crc` is the CRC-32 up to here. */
  saved: number;
  crc: number;
  saving: Promise<void>;
}

/**
 * Puts the bytes of a file together as they come, in whatever order: gathers them into blocks, writes and digests these,
 * and remembers in the journal what is there.
 */
export class Assembly {
  readonly #partial: PartialFile;
  readonly #digester: Digester;
  readonly #pool: SlotPool;
  readonly #onFailure: (error: unknown) => void;
  #blocks: Blocks;
  readonly #gathered = new Map<number, Gathered>();
  /** The CRC-32 of what is on the disk of a block. */
  readonly #crcs = new Map<number, number>();
  /** Whole, written, and not yet part of the digests of the whole. */
  readonly #settled = new Set<number>();
  readonly #pending = new Set<Promise<void>>();
  /** The block with which the digests of the whole go on. */
  #next = 0;
  #failed = false;

  /** @param onFailure called once, with the first error of the disk */
  constructor(
    parts: { partial: PartialFile; digester: Digester; pool: SlotPool; size: number },
    onFailure: (error: unknown) => void,
  ) {
    this.#partial = parts.partial;
    this.#digester = parts.digester;
    this.#pool = parts.pool;
    this.#onFailure = onFailure;
    this.#blocks = new Blocks(parts.size);
  }

  get blocks(): Blocks {
    return this.#blocks;
  }

  /** Takes over what an earlier process left, as far as the bytes still are what it wrote. */
  async resume(signal: AbortSignal): Promise<void> {
    const good = new Map<number, number>();
    for (const { block, bytes, crc } of [...this.#partial.kept.values()].sort((a, b) => a.block - b.block)) {
      throwIfAborted(signal);
      const whole = bytes === this.#blocks.lengthOf(block);
      const next = whole && block === this.#next;
      if (!(await this.#check(block, bytes, crc, next))) continue;
      good.set(block, bytes);
      this.#crcs.set(block, crc);
      if (next) this.#next += 1;
      else if (whole) this.#settled.add(block);
    }
    this.#blocks = new Blocks(this.#blocks.size, good);
  }

  /** Where the bytes from `position` on go: some room in memory, or null while there is none. */
  room(position: number): Uint8Array | null {
    const block = Math.floor(position / blockSize);
    const gathered = this.#gathered.get(block) ?? this.#begin(block);
    // Bytes that are not the next of their block would end up in the wrong place.
    if (gathered !== null && block * blockSize + gathered.filled !== position)
      throw new Error(`byte ${position} comes out of turn`);
    return gathered?.slot.subarray(gathered.filled, this.#blocks.lengthOf(block)) ?? null;
  }

  async whenRoom(): Promise<void> {
    if (!this.#failed) await this.#pool.whenFree();
  }

  /** `count` bytes have been put into the room for `position`. */
  filled(position: number, count: number): void {
    const block = Math.floor(position / blockSize);
    const gathered = this.#gathered.get(block);
    if (gathered === undefined) return;
    gathered.filled += count;
    this.#blocks.add(block, count);
    if (this.#blocks.isWhole(block)) {
      this.#gathered.delete(block);
      this.#track(this.#complete(gathered));
    }
  }

  /**
   * Writes what has come of blocks that are not whole yet, so that a process that dies loses little.
   *
   * @param least leaves alone the blocks of which fewer bytes than these have come since
   */
  save(least = 1): void {
    for (const gathered of this.#gathered.values())
      if (gathered.filled - gathered.saved >= least) this.#track(this.#save(gathered));
  }

  /** Forgets everything that has come. */
  async restart(): Promise<void> {
    await this.#idle();
    for (const { slot } of this.#gathered.values()) this.#pool.give(slot);
    this.#gathered.clear();
    this.#crcs.clear();
    this.#settled.clear();
    this.#next = 0;
    this.#blocks = new Blocks(this.#blocks.size);
    await this.#digester.run({ kind: 'restart' });
    await this.#partial.restart();
  }

  /** The CRC-32 of each block that is on the disk. */
  get crcs(): ReadonlyMap<number, number> {
    return this.#crcs;
  }

  /** Everything has come: the digests of the whole, once everything is on the disk. */
  async finish(): Promise<Digests> {
    await this.#idle();
    return onDisk(`Reading ${this.#partial.path}`, async () => this.#digester.digests());
  }

  /** Not everything has come: keeps what has. */
  async suspend(): Promise<void> {
    if (!this.#failed) this.save();
    await this.#idle();
  }

  #begin(block: number): Gathered | null {
    const slot = this.#pool.take();
    if (slot === null) return null;
    const from = this.#blocks.had(block);
    const crc = this.#crcs.get(block) ?? 0;
    const gathered = { block, slot, from, filled: from, saved: from, crc, saving: Promise.resolve() };
    this.#gathered.set(block, gathered);
    return gathered;
  }

  async #save(gathered: Gathered): Promise<void> {
    const { block, slot, saved, filled } = gathered;
    const bytes = slot.subarray(saved, filled);
    gathered.saved = filled;
    gathered.crc = crc32(bytes, gathered.crc);
    const { crc } = gathered;
    this.#crcs.set(block, crc);
    const before = gathered.saving;
    gathered.saving = this.#partial.write(bytes, block * blockSize + saved).then(async () => before);
    await gathered.saving;
    await this.#partial.remember({ block, bytes: filled, crc });
  }

  async #complete(gathered: Gathered): Promise<void> {
    const { block, slot, from, filled, saved, crc: before, saving } = gathered;
    const next = from === 0 && block === this.#next;
    if (next) this.#next += 1;
    const bytes = slot.subarray(0, filled);
    const [crc] = await Promise.all([
      this.#digester.run({ kind: 'memory', bytes, from: saved, crc: before, next }),
      this.#partial.write(slot.subarray(saved, filled), block * blockSize + saved),
      saving,
    ]);
    this.#crcs.set(block, crc);
    if (!next) this.#settled.add(block);
    await this.#partial.remember({ block, bytes: filled, crc });
    this.#pool.give(slot);
    await this.#catchUp();
  }

  /** Blocks that came before their turn are read back when it has come. */
  async #catchUp(): Promise<void> {
    while (this.#settled.delete(this.#next)) {
      const block = this.#next;
      this.#next += 1;
      if (!(await this.#check(block, this.#blocks.lengthOf(block), this.#crcs.get(block) ?? 0, true)))
        throw new DatasaurExportError(
          'DISK_ERROR',
          `What was written to ${this.#partial.path} reads back differently.`,
          {
            hint: 'The disk may be faulty.',
          },
        );
    }
  }

  async #check(block: number, length: number, crc: number, next: boolean): Promise<boolean> {
    const task = { kind: 'file', position: block * blockSize, length, crc, next } as const;
    return onDisk(`Reading ${this.#partial.path}`, async () => (await this.#digester.run(task)) === 1);
  }

  #track(step: Promise<void>): void {
    const tracked = step.catch((error: unknown) => {
      if (this.#failed) return;
      this.#failed = true;
      this.#onFailure(diskError(error, `Writing ${this.#partial.path}`));
      this.#pool.wakeAll();
    });
    this.#pending.add(tracked);
    void tracked.then(() => this.#pending.delete(tracked));
  }

  async #idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
