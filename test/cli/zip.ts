import { ZipFile } from 'yazl';

/** A real archive with one stored entry of `size` bytes. */
export async function zipOf(size: number, seed = 1): Promise<Buffer> {
  const payload = Buffer.alloc(size);
  for (let index = 0, state = seed; index < size; index += 1) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    payload[index] = state >> 16;
  }
  const zip = new ZipFile();
  zip.addBuffer(payload, 'entry.bin', { compress: false });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
