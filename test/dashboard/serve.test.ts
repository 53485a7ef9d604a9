import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromiumPath, launchChromium } from '../chromium.js';

/** Runs `use` with what `npm run dashboard` starts; at the end Ctrl-C. */
async function whileServed(
  use: (url: string) => Promise<void>,
): Promise<{ status: unknown; stderr: string }> {
  const served = spawn(process.execPath, ['examples/dashboard/serve.mjs'], {
    // Leads a process group, as a command in a shell does.
    detached: true,
    env: { ...process.env, NODE_ENV: undefined, PORT: '0' },
  });
  const exit = once(served, 'exit');
  let stderr = '';
  served.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  let stdout = '';
  try {
    for await (const chunk of served.stdout.iterator({ destroyOnReturn: false })) {
      stdout += String(chunk);
      if (stdout.includes('Ctrl-C')) break;
    }
    const [url = ''] = /http:\S+/.exec(stdout) ?? [];
    await use(url);
  } finally {
    process.kill(-served.pid!, 'SIGINT');
    await exit;
  }
  const [status] = (await exit) as [unknown];
  return { status, stderr };
}

(chromiumPath === null ? describe.skip : describe)('npm run dashboard (skipped without Chromium)', () => {
  it('serves the sources, in StrictMode, makes one export of one click, and leaves nothing at Ctrl-C', async () => {
    let address = '';
    const { status, stderr } = await whileServed(async (url) => {
      address = url;
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        page.setDefaultTimeout(15_000);
        const requested: string[] = [];
        page.on('request', (request) => requested.push(request.postData() ?? ''));
        await page.goto(url);
        await page.getByRole('button', { name: 'Export Team Alvin' }).click();
        await page.getByRole('link', { name: 'Download Team Overview - Team Alvin.zip' }).waitFor();
        expect(requested.filter((body) => body.includes('"ExportTeamOverview"'))).toHaveLength(1);
      } finally {
        await browser.close();
      }
    });
    expect({ status, stderr }).toEqual({ status: 130, stderr: '' });
    await expect(fetch(address)).rejects.toThrow();
  });

  it('ends the page when it is killed itself', async () => {
    let address = '';
    const served = spawn(process.execPath, ['examples/dashboard/serve.mjs'], {
      env: { ...process.env, PORT: '0' },
    });
    const exit = once(served, 'exit');
    for await (const chunk of served.stdout) {
      address = /http:\S+/.exec(String(chunk))?.[0] ?? address;
      if (address !== '') break;
    }
    served.kill('SIGKILL');
    await exit;
    const gone = async (): Promise<boolean> =>
      fetch(address).then(
        () => false,
        () => true,
      );
    const deadline = Date.now() + 5000;
    while (!(await gone()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await gone()).toBe(true);
  });
});
