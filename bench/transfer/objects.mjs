// @ts-check
import { createCipheriv } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** @typedef {'10 kB' | '10 MB' | '100 MB' | '200 MB' | '1 GiB' | '1 GiB packed' | '4 GiB'} ObjectName */

const MiB = 2 ** 20;

/**
 * What each archive holds. `noise` does not compress, so it is stored, as zip programs do with such data; `rows` are
 * lines of text, as exports have them, of which deflate leaves about two fifths. `packed noise` is deflated all the same:
 * checking such an archive means to unpack as much as was fetched.
 *
 * @type {Readonly<Record<ObjectName, { kind: 'noise' | 'packed noise' | 'rows', entries: number, entryBytes: number }>>}
 */
export const objects = {
  '10 kB': { kind: 'noise', entries: 1, entryBytes: 10_000 },
  '10 MB': { kind: 'rows', entries: 4, entryBytes: 6_600_000 },
  '100 MB': { kind: 'noise', entries: 2, entryBytes: 50_000_000 },
  '200 MB': { kind: 'noise', entries: 4, entryBytes: 50_000_000 },
  '1 GiB': { kind: 'noise', entries: 16, entryBytes: 64 * MiB },
  '1 GiB packed': { kind: 'packed noise', entries: 16, entryBytes: 64 * MiB },
  '4 GiB': { kind: 'noise', entries: 64, entryBytes: 64 * MiB },
};

/**
 * At most how long an object will be, in bytes.
 *
 * @param {ObjectName} name
 */
export function largest(name) {
  const { entries, entryBytes } = objects[name];
  return entries * (entryBytes * 1.001 + 1024);
}

/**
 * Writes the archive, the same bytes every time.
 *
 * @param {ObjectName} name
 * @param {string} path
 */
export async function writeObject(name, path) {
  const { kind, entries, entryBytes } = objects[name];
  const archive = new ZipFile();
  const contents = kind === 'rows' ? rows : noise;
  const compressionLevel = { noise: 0, 'packed noise': 1, rows: 6 }[kind];
  for (let entry = 0; entry < entries; entry += 1) {
    const options = { mtime: new Date(0), size: entryBytes, compressionLevel };
    archive.addReadStreamLazy(`${kind}-${entry}.bin`, options, (give) => {
      give(null, Readable.from(contents(entryBytes, entry)));
    });
  }
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(path));
}

/**
 * The key stream of a cipher: noise, faster than any deflate.
 *
 * @param {number} length in bytes
 * @param {number} seed
 */
function* noise(length, seed) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  const zeros = Buffer.alloc(MiB);
  for (let left = length; left > 0; left -= zeros.length) {
    yield cipher.update(zeros.subarray(0, Math.min(left, zeros.length)));
  }
}

const columns = ['project', 'member', 'labels', 'accepted', 'rejected', 'minutes', 'completed', 'pending'];

/**
 * Lines of comma-separated words and numbers.
 *
 * @param {number} length in bytes
 * @param {number} seed
 */
function* rows(length, seed) {
  const random = Buffer.concat([...noise(64 * 1024, 255 - seed)]);
  let line = 0;
  for (let left = length; left > 0;) {
    const lines = [];
    for (let row = 0; row < 1000; row += 1, line += 1) {
      const cells = columns.map((column, at) => {
        const value = random.readUInt16LE((line * 26 + at * 2) % (random.length - 1));
        return at < 2 ? `${column} ${value % 400}` : String((value * (line % 97)) % 100_000);
      });
      lines.push(`${line},${cells.join(',')}\n`);
    }
    const text = Buffer.from(lines.join('')).subarray(0, left);
    left -= text.length;
    yield text;
  }
}
