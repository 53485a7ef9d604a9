import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readFile, rm, statfs, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatasaurExportError } from '../errors/index.js';
import { onDisk } from './disk-error.js';
import { decodeJournal, encodeJournal, type Journal } from './journal.js';

/**
 * The file that grows beside the target until it is whole and verified, with a journal that says which object its bytes
 * belong to, so that a later process can continue it.
 */
export class PartialFile {
  readonly path: string;
  readonly #journalPath: string;
  readonly #file: FileHandle;
  #hash: Hash;
  readonly #resumable: boolean;
  #position: number;

  private constructor(paths: Paths, file: FileHandle, hash: Hash, position: number, resumable: boolean) {
    this.path = paths.partial;
    this.#journalPath = paths.journal;
    this.#file = file;
    this.#hash = hash;
    this.#position = position;
    this.#resumable = resumable;
  }

  /** Opens the partial file of `target`: continued where it holds the first bytes of this very object, else anew. */
  static async open(
    target: string,
    identity: { size: number; validator: string | null },
  ): Promise<PartialFile> {
    return onDisk(`Writing beside ${target}`, async () => {
      const paths = { partial: `${target}.datasaur-partial`, journal: `${target}.datasaur-journal` };
      const journal =
        identity.validator === null ? null : { size: identity.size, validator: identity.validator };
      const kept = journal === null ? 0 : await keptBytes(paths, journal);
      if (kept === 0) await removeBoth(paths);
      await refuseWithoutSpace(target, identity.size - kept);
      if (journal !== null) await writeFile(paths.journal, encodeJournal(journal), { flush: true });
      const flags =
        constants.O_RDWR | constants.O_NOFOLLOW | (kept === 0 ? constants.O_CREAT | constants.O_EXCL : 0);
      const file = await open(paths.partial, flags, 0o666);
      const hash = createHash('sha256');
      if (kept > 0)
        for await (const chunk of file.createReadStream({ start: 0, end: kept - 1, autoClose: false }))
          hash.update(chunk as Buffer);
      return new PartialFile(paths, file, hash, kept, journal !== null);
    });
  }

  /** How many bytes, from the first on, are there. */
  get position(): number {
    return this.#position;
  }

  async append(chunk: Uint8Array): Promise<void> {
    await onDisk(`Writing ${this.path}`, async () => {
      for (let written = 0; written < chunk.byteLength;) {
        const { bytesWritten } = await this.#file.write(
          chunk,
          written,
          chunk.byteLength - written,
          this.#position + written,
        );
        written += bytesWritten;
      }
    });
    this.#hash.update(chunk);
    this.#position += chunk.byteLength;
  }

  /** Whether a break can be continued, now or by a later process: only where the object's bytes can be identified. */
  get resumable(): boolean {
    return this.#resumable;
  }

  /** After a break: keeps the bytes if what follows provably belongs to them; else starts over. */
  async rewind(): Promise<void> {
    if (this.#resumable) return;
    await onDisk(`Writing ${this.path}`, async () => this.#file.truncate(0));
    this.#position = 0;
    this.#hash = createHash('sha256');
  }

  /** Makes what was written survive a power cut, and closes. @returns the SHA-256 in hex */
  async seal(): Promise<string> {
    await onDisk(`Writing ${this.path}`, async () => {
      await this.#file.sync();
      await this.#file.close();
    });
    return this.#hash.digest('hex');
  }

  /** Ends without a result: what can be continued is kept, anything else is removed. @returns whether it is kept */
  async suspend(): Promise<boolean> {
    await this.#file.close().catch(() => undefined);
    if (this.#resumable && this.#position > 0) return true;
    await this.discard();
    return false;
  }

  /** Removes the partial file and its journal. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await removeBoth({ partial: this.path, journal: this.#journalPath });
  }
}

interface Paths {
  partial: string;
  journal: string;
}

async function keptBytes(paths: Paths, wanted: Journal): Promise<number> {
  try {
    const found = decodeJournal(await readFile(paths.journal, 'utf8'));
    if (found?.validator !== wanted.validator || found.size !== wanted.size) return 0;
    const entry = await lstat(paths.partial);
    // More than one link: a crash came between publishing and tidying, and these bytes are the finished file's.
    return entry.isFile() && entry.nlink === 1 && entry.size <= wanted.size ? entry.size : 0;
  } catch {
    return 0;
  }
}

async function removeBoth(paths: Paths): Promise<void> {
  await rm(paths.partial, { force: true });
  await rm(paths.journal, { force: true });
}

/** Finding out before the first byte is kinder than after the last; where the system cannot tell, writing will. */
async function refuseWithoutSpace(target: string, needed: number): Promise<void> {
  const free = await statfs(dirname(target)).then(({ bavail, bsize }) => bavail * bsize, () => Infinity); // prettier-ignore
  // Some virtual file systems report no size at all.
  if (free >= needed || (free === 0 && needed < 4096)) return;
  throw new DatasaurExportError(
    'DISK_FULL',
    `${needed} bytes are needed beside ${target}, but only ${free} are free.`,
    {
      hint: 'Free some space, or choose another place with --output.',
    },
  );
}
