import { constants, createReadStream } from 'node:fs';
import { lstat, open, statfs, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatasaurExportError } from '../errors/index.js';
import { onDisk } from './disk-error.js';
import { pathsBeside, removeBoth, type PathsBeside } from './left-overs.js';
import { encodeIdentity, encodeKept, JournalReader, type Identity, type Kept } from './journal.js';

/**
 * The file that grows beside the target until it is whole and verified, with a journal that says which object its bytes
 * belong to and which of them are there, so that a later process can continue it.
 */
export class PartialFile {
  readonly path: string;
  /** What an earlier process says it left, by block. To be believed only once the bytes have been digested. */
  readonly kept: ReadonlyMap<number, Kept>;
  readonly #journalPath: string;
  readonly #file: FileHandle;
  /** Null where the object's bytes cannot be identified, so that nothing could ever be continued. */
  readonly #journal: FileHandle | null;
  #written: Promise<unknown> = Promise.resolve();
  #journalled: Promise<unknown> = Promise.resolve();
  readonly #lines: string[] = [];
  #worthKeeping: boolean;

  private constructor(
    paths: PathsBeside,
    file: FileHandle,
    journal: FileHandle | null,
    kept: ReadonlyMap<number, Kept>,
  ) {
    this.path = paths.partial;
    this.#journalPath = paths.journal;
    this.#file = file;
    this.#journal = journal;
    this.kept = kept;
    this.#worthKeeping = kept.size > 0;
  }

  /** Opens the partial file of `target`: continued where it holds bytes of this very object, else anew. */
  static async open(
    target: string,
    { size, validator }: { size: number; validator: string | null },
  ): Promise<PartialFile> {
    return onDisk(`Writing beside ${target}`, async () => {
      const paths = pathsBeside(target);
      const identity = validator === null ? null : { size, validator };
      const kept = identity === null ? null : await keptBytes(paths, identity);
      if (kept === null) await removeBoth(paths);
      await refuseWithoutSpace(target, size - bytesOf(kept));
      const flags =
        constants.O_RDWR | constants.O_NOFOLLOW | (kept === null ? constants.O_CREAT | constants.O_EXCL : 0);
      const file = await open(paths.partial, flags, 0o666);
      try {
        const journal =
          identity === null ? null : await openJournal(paths.journal, kept === null ? identity : null);
        return new PartialFile(paths, file, journal, kept ?? new Map<number, Kept>());
      } catch (error) {
        await file.close();
        if (kept === null) await removeBoth(paths);
        throw error;
      }
    });
  }

  /** For reading by position, as long as it is open. */
  get descriptor(): number {
    return this.#file.fd;
  }

  /** Whether a break can be continued, now or by a later process: only where the object's bytes can be identified. */
  get resumable(): boolean {
    return this.#journal !== null;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    // One after the other: the system lets one write into a file at a time, and a thread that waits for that may spin.
    const written = this.#written.then(async () => this.#writeAll(bytes, position));
    this.#written = written.catch(() => undefined);
    await onDisk(`Writing ${this.path}`, async () => written);
  }

  async #writeAll(bytes: Uint8Array, position: number): Promise<void> {
    for (let written = 0; written < bytes.byteLength;) {
      const rest = bytes.byteLength - written;
      const { bytesWritten } = await this.#file.write(bytes, written, rest, position + written);
      written += bytesWritten;
    }
  }

  /** Remembers that bytes which have been written are there. */
  async remember(kept: Kept): Promise<void> {
    this.#lines.push(encodeKept(kept));
    // What comes while a line is being written goes with the next, so that the journal never lags far behind.
    const written = this.#journalled.then(async () => {
      const lines = this.#lines.splice(0);
      if (lines.length > 0) await this.#journal?.write(lines.join(''));
    });
    this.#journalled = written.catch(() => undefined);
    await onDisk(`Writing ${this.#journalPath}`, async () => written);
    this.#worthKeeping = true;
  }

  /** Forgets everything. */
  async restart(): Promise<void> {
    await onDisk(`Writing ${this.path}`, async () => this.#file.truncate(0));
  }

  /** Makes what was written survive a power cut. */
  async sync(): Promise<void> {
    await onDisk(`Writing ${this.path}`, async () => this.#file.sync());
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await this.#journal?.close().catch(() => undefined);
  }

  /** Ends without a result: what can be continued is kept, anything else is removed. */
  async suspend(): Promise<void> {
    if (this.resumable && this.#worthKeeping) await this.close();
    else await this.discard();
  }

  /** Removes the partial file and its journal. */
  async discard(): Promise<void> {
    await this.close();
    await removeBoth({ partial: this.path, journal: this.#journalPath });
  }
}

/** Bytes: what several days of the slowest download come to. What is longer is no journal of ours. */
const longestJournal = 64 * 1024 * 1024;

/** Null where there is nothing to continue. */
async function keptBytes(paths: PathsBeside, wanted: Identity): Promise<Map<number, Kept> | null> {
  try {
    const found = await lstat(paths.journal);
    if (!found.isFile() || found.size > longestJournal) return null;
    const kept = await readJournal(paths.journal, wanted);
    const entry = await lstat(paths.partial);
    // More than one link: a crash came between publishing and tidying, and these bytes are the finished file's.
    const usable = entry.isFile() && entry.nlink === 1 && entry.size <= wanted.size;
    return usable && bytesOf(kept) > 0 ? kept : null;
  } catch {
    return null;
  }
}

async function readJournal(path: string, wanted: Identity): Promise<Map<number, Kept>> {
  const reader = new JournalReader(wanted);
  for await (const piece of createReadStream(path, { encoding: 'utf8' }))
    if (!reader.read(piece as string)) break;
  return reader.isOurs ? reader.kept : new Map<number, Kept>();
}

/** @param fresh what the first line says of a new journal; null to go on with the one that is there */
async function openJournal(path: string, fresh: Identity | null): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;
  const journal = await open(
    path,
    fresh === null ? flags : flags | constants.O_CREAT | constants.O_EXCL,
    0o666,
  );
  // After a line that was cut off, a new one.
  await journal.write(fresh === null ? '\n' : encodeIdentity(fresh));
  return journal;
}

function bytesOf(kept: ReadonlyMap<number, Kept> | null): number {
  return [...(kept?.values() ?? [])].reduce((sum, { bytes }) => sum + bytes, 0);
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
