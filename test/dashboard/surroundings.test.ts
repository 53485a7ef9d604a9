import { describe, expect, it } from '@jest/globals';
import { chromiumPath } from '../chromium.js';
import { preparePages, withPage } from './page-under-test.js';

const teams = [{ id: '1', name: 'Alpha' }];

(chromiumPath === null ? describe.skip : describe)(
  'around the dashboard, in Chromium (skipped without it)',
  () => {
    preparePages();

    it('says that its credentials are refused, without showing them', async () => {
      await withPage({ accessToken: 'a-token-that-is-refused', teamsShown: false }, async ({ page }) => {
        await page.getByText('AUTHENTICATION_FAILED').waitFor();
        expect(await page.content()).not.toContain('a-token-that-is-refused');
      });
    });

    it('says that the API is down, and finds it again', async () => {
      await withPage({ sandbox: { teams }, teamsShown: false }, async ({ page }) => {
        await page.route('**/graphql', async (route) => route.abort());
        await page.reload();
        await page.getByText('API_UNREACHABLE').waitFor();
        await page.unroute('**/graphql');
        await page.route('**/graphql', async (route) => route.fulfill({ status: 502 }), { times: 1 });
        await page.getByRole('button', { name: 'Try again' }).click();
        await page.getByText('HTTP 502').waitFor();
        await page.getByRole('button', { name: 'Try again' }).focus();
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Alpha' }).waitFor();
        expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
      });
    });

    it('asks nothing any more when it is left', async () => {
      await withPage(
        { sandbox: { teams, failures: { 1: 'NEVER_READY' } } },
        async ({ page, sandbox, team }) => {
          await page.getByRole('button', { name: 'Export Alpha' }).click();
          await team('Alpha').getByText('404 not there yet').waitFor();
          await page.goto('about:blank');
          await page.waitForTimeout(200);
          const before = sandbox.requests.length;
          await page.waitForTimeout(1000);
          expect(sandbox.requests.length).toBe(before);
        },
      );
    });

    it('starts nothing again when it is loaded again', async () => {
      await withPage({ sandbox: { teams, readyAfter: 0 } }, async ({ page, sandbox }) => {
        await page.getByRole('button', { name: 'Export Alpha' }).click();
        await page.getByText('Ready', { exact: true }).waitFor();
        await page.reload();
        await page.getByRole('button', { name: 'Export Alpha' }).waitFor();
        await page.waitForTimeout(300);
        expect(sandbox.exports).toHaveLength(1);
      });
    });

    it('never has the token', async () => {
      await withPage({ sandbox: { teams, readyAfter: '300ms' } }, async ({ page, sandbox, url }) => {
        const seen: string[] = [];
        page.on('request', (request) => seen.push(request.url(), JSON.stringify(request.headers())));
        page.on('response', (response) => {
          if (response.url().startsWith(url)) seen.push(JSON.stringify(response.headers()));
        });
        await page.reload();
        await page.getByRole('button', { name: 'Export Alpha' }).click();
        await page.getByText('Ready', { exact: true }).waitFor();
        seen.push(await page.content());
        expect(seen.join().toLowerCase()).not.toMatch(/sandbox-access-token|bearer|"authorization"/);
        const asked = sandbox.requests.filter(({ kind }) => kind === 'graphql');
        expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(
          new Set([`Bearer ${sandbox.accessToken}`]),
        );
        const probes = sandbox.requests.filter(({ kind }) => kind === 'object');
        expect(
          probes.some(({ headers }) => headers.authorization !== undefined || headers.referer !== undefined),
        ).toBe(false);
      });
    });

    it('says what the file host must allow, where it does not let the page in', async () => {
      await withPage({ sandbox: { teams } }, async ({ page }) => {
        const headers = { 'Access-Control-Allow-Origin': 'https://elsewhere.example' };
        await page.route('**/team-overview/**', async (route) => route.fulfill({ status: 404, headers }));
        await page.getByRole('button', { name: 'Export Alpha' }).click();
        await page.getByText('CORS_BLOCKED').waitFor();
        expect(await page.locator('.hint').innerText()).toContain('Range');
      });
    });

    it('gives up after the time that was chosen', async () => {
      const sandbox = { teams, failures: { 1: 'NEVER_READY' } } as const;
      await withPage({ sandbox }, async ({ page, team }) => {
        await page.clock.install();
        await page.reload();
        await page.getByLabel('Wait at most').selectOption('30 s');
        await page.getByRole('button', { name: 'Export Alpha' }).click();
        await team('Alpha').getByText('404 not there yet').waitFor();
        await page.clock.runFor(40_000);
        await page.getByText('NOT_READY').waitFor();
        expect(await page.locator('.message', { hasText: 'within 30 s' }).count()).toBe(1);
      });
    });
  },
);
