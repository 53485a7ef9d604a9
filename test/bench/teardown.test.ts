import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Ending {
  status: number | string | null | undefined;
  stdout: string;
}

/** What a program that has things to undo does when it ends like this. */
async function ending(how: string): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), 'datasaur-export-test-'));
  const program = join(folder, 'program.mjs');
  writeFileSync(
    program,
    `import { existsSync } from 'node:fs';
    import { atExit, remove } from ${JSON.stringify(pathToFileURL(resolve('bench/transfer/teardown.mjs')).href)};
    const folder = ${JSON.stringify(folder)};
    const say = (text) => process.stdout.write(text + '\\n');
    atExit(() => say(existsSync(folder) ? 'there' : 'gone'));
    atExit(() => remove(folder));
    atExit(() => { throw new Error('undoing failed'); });
    atExit(() => say('forgotten'))();
    atExit(() => say('last first'));
    ${how}`,
  );
  return new Promise((done) => {
    execFile(process.execPath, [program], (error, stdout) => {
      done({ status: error === null ? 0 : error.code, stdout });
    });
  });
}

it.each([
  ['by itself', '', 0],
  ['with an error', `throw new Error('x');`, 1],
  ['at Ctrl-C', `process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 10_000);`, 130],
  ['when told to', `process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 10_000);`, 143],
])('undoes everything, the last first, when it ends %s', async (_, how, status) => {
  expect(await ending(how)).toEqual({ status, stdout: 'last first\ngone\n' });
});
