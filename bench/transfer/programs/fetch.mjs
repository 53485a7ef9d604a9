// @ts-check
// Node's own fetch, streamed to a file: node fetch.mjs URL FILE
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [url = '', file = ''] = process.argv.slice(2);
const answer = await fetch(url);
if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
await pipeline(
  Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (answer.body)),
  createWriteStream(file),
);
