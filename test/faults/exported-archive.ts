import { createCipheriv, createHash } from 'node:crypto';
import { ZipFile } from 'yazl';
import type { StoredObject } from './faulty-host.js';

/** Bytes: within one range, over several, and more than can be in flight at once. */
export const sizes = { small: 10_000, large: 32 * 1024 * 1024, huge: 128 * 1024 * 1024 } as const;
export type SizeName = keyof typeof sizes;

/** A zip of exactly `size` bytes with one stored entry of noise, the same for the same `version`, with an ETag that is not its MD5. */
export async function exportedArchive(size: number, version: number): Promise<StoredObject> {
  const empty = await zip(Buffer.alloc(0));
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, version), Buffer.alloc(16));
  const bytes = await zip(noise.update(Buffer.alloc(size - empty.length)));
  return { bytes, etag: `"${createHash('md5').update(`${size}/${version}`).digest('hex')}-${version}"` };
}

async function zip(content: Buffer): Promise<Buffer> {
  const file = new ZipFile();
  file.addBuffer(content, 'overview.csv', { compress: false, mtime: new Date(1_700_000_000_000) });
  file.end();
  const chunks: Buffer[] = [];
  for await (const chunk of file.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const made = new Map<string, Promise<StoredObject>>();

/** Two versions of each size, the second with other bytes under another ETag; made once. */
export async function storedObject(size: SizeName, version = 1): Promise<StoredObject> {
  const key = `${size}/${version}`;
  const found = made.get(key) ?? exportedArchive(sizes[size], version);
  made.set(key, found);
  return found;
}
