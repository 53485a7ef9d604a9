import { appendFileSync, mkdirSync } from 'node:fs';
import type { Observed } from './row.js';

/** Where the lines wait for the reporter that prints them when all have been played. */
const folder = '.tmp/faults';

export function record(observed: Observed): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(`${folder}/${process.pid}.jsonl`, `${JSON.stringify(observed)}\n`);
}
