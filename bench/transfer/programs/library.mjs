// @ts-check
// This package, as a program would use it: node library.mjs URL FILE
import { download, waitUntilReady } from 'datasaur-export';

const [url = '', file = ''] = process.argv.slice(2);
await download(await waitUntilReady(url, { timeout: '1m' }), { to: file });
