// @ts-check
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What a contender is asked to do.
 *
 * @typedef {object} Job
 * @property {string} url of the file
 * @property {string} out where it goes
 * @property {string} home an empty folder, so that nobody's own settings count
 * @property {string | null} ca the certificate authority to trust; null for http
 * @property {string} datasaur the URL of the local Datasaur
 * @property {string} teamId whose export it answers with `url`
 * @property {import('./tools.mjs').Tools} tools
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {boolean} writes whether it leaves a file at `out`
 * @property {(job: Job) => import('./measure.mjs').Command} command
 */

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const cli = path('../../dist/cli.cjs');

/** @type {(job: Job) => Record<string, string>} */
const plain = ({ home }) => ({ PATH: process.env['PATH'] ?? '', HOME: home });

/** @type {(job: Job, args: string[], more?: Record<string, string>) => import('./measure.mjs').Command} */
const node = (job, args, more = {}) => ({
  file: process.execPath,
  args,
  env: { ...plain(job), ...(job.ca === null ? {} : { NODE_EXTRA_CA_CERTS: job.ca }), ...more },
});

/** @type {(name: string, program: string) => Contender} */
const program = (name, file) => ({
  name,
  writes: true,
  command: (job) => node(job, [path(`programs/${file}`), job.url, job.out]),
});

/** @type {(name: string) => Contender} */
const wholeExport = (name) => ({
  name,
  writes: true,
  command: (job) =>
    node(job, [cli, 'team-overview', job.teamId, '--output', job.out, '--quiet'], {
      DATASAUR_BASE_URL: job.datasaur,
      DATASAUR_ACCESS_TOKEN: 'a-token-for-the-bench',
    }),
});

/** @type {Readonly<Record<string, Contender>>} */
export const contenders = {
  curl: {
    name: 'curl',
    writes: true,
    command: (job) => ({
      file: job.tools.curl,
      args: ['-sf', ...(job.ca === null ? [] : ['--cacert', job.ca]), '-o', job.out, job.url],
      env: plain(job),
    }),
  },
  aria2c: {
    name: 'aria2c -x8',
    writes: true,
    command: (job) => ({
      file: job.tools.aria2c,
      args: [
        ...['-x8', '-s8', '-k1M', '--file-allocation=none', '-q', '--no-conf=true'],
        ...(job.ca === null ? [] : [`--ca-certificate=${job.ca}`]),
        ...['-d', dirname(job.out), '-o', basename(job.out), job.url],
      ],
      env: plain(job),
    }),
  },
  library: program('datasaur-export, library', 'library.mjs'),
  cli: wholeExport('datasaur-export, command line'),
  fetch: program('built-in fetch', 'fetch.mjs'),
  'cross-fetch': program('cross-fetch', 'cross-fetch.mjs'),
  axios: program('axios, in memory', 'axios.mjs'),
  node: { name: 'bare node', writes: false, command: (job) => node(job, ['-e', '0']) },
  version: {
    name: 'datasaur-export --version',
    writes: false,
    command: (job) => node(job, [cli, '--version']),
  },
  export: wholeExport('datasaur-export, whole 10 kB export'),
};
