import { blockSize } from './blocks.js';

/**
 * The memory of a download: so many slots of one block, made when first needed and used over and over. Whoever finds none
 * waits, and so the connections are slowed down to what the disk takes.
 */
export class SlotPool {
  readonly #slotSize: number;
  #unmade: number;
  readonly #free: Uint8Array[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number, size: number) {
    this.#unmade = slots;
    this.#slotSize = Math.min(blockSize, size);
  }

  /** Room for one block; null where none is free. */
  take(): Uint8Array | null {
    const slot = this.#free.pop();
    if (slot !== undefined) return slot;
    if (this.#unmade === 0) return null;
    this.#unmade -= 1;
    // Shared, so that the thread that digests it sees it without a copy.
    return new Uint8Array(new SharedArrayBuffer(this.#slotSize));
  }

  give(slot: Uint8Array): void {
    this.#free.push(slot);
    this.wakeAll();
  }

  async whenFree(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Everybody looks again: there is a free slot, or nothing to wait for. */
  wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
