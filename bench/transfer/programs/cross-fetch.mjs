// @ts-check
// cross-fetch, whose body is a Node stream here, piped to a file: node cross-fetch.mjs URL FILE
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import fetch from 'cross-fetch';

const [url = '', file = ''] = process.argv.slice(2);
const answer = await fetch(url);
if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
await pipeline(
  /** @type {NodeJS.ReadableStream} */ (/** @type {unknown} */ (answer.body)),
  createWriteStream(file),
);
