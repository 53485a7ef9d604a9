import { describe, expect, it } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { chromiumPath } from '../chromium.js';
import { preparePages, withPage } from './page-under-test.js';

const sandbox = {
  readyAfter: '1500ms',
  fileSize: 300_000,
  teams: [
    { id: '121', name: 'Team Alvin' },
    { id: '122', name: 'Équipe Théodore' },
    { id: '124', name: 'Team Brittany' },
    { id: '125', name: 'Team Dave', enableExportTeamOverview: false },
    { id: '126', name: 'A Team Whose Name Is Longer Than What Is Usual' },
    { id: '127', name: 'Team Eleanor' },
  ],
  failures: { 124: 'FAILED', 126: 'NEVER_READY', 127: 'EXPIRED_URL' },
} as const;

const looks: [string, BrowserContextOptions][] = [
  ['light', { viewport: { width: 1100, height: 900 } }],
  ['dark', { viewport: { width: 1100, height: 900 }, colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 320, height: 700 }, reducedMotion: 'reduce' }],
];

interface AxeResults {
  passes: unknown[];
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** What axe-core has against the page as it is; a picture of it is left in `.tmp/dashboard/`. */
async function violationsOf(page: Page, name: string): Promise<string[]> {
  await page.screenshot({ path: `.tmp/dashboard/${name}.png`, fullPage: true });
  await page.addScriptTag({ path: 'node_modules/axe-core/axe.min.js' });
  const { passes, violations } = await page.evaluate(async () =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  expect(passes.length).toBeGreaterThan(20);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${name}: ${id}, ${help}: ${html} ${failureSummary}`),
  );
}

/** Some of the answers that a file host gives, by turns. */
async function trouble(page: Page): Promise<void> {
  const headers = { 'Access-Control-Allow-Origin': '*' };
  let turn = 0;
  await page.route('**/team-overview/122/**', async (route) => {
    turn += 1;
    if (turn % 5 === 1) await route.fulfill({ status: 503, headers });
    else if (turn % 5 === 2) await route.fulfill({ status: 403, headers });
    // Twice: a request that failed is followed by one that tells a host that is down from one that shuts the page out.
    else if (turn % 5 === 3 || turn % 5 === 4) await route.abort('connectionreset');
    else await route.continue();
  });
}

const isWiderThanItsWindow = async (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

(chromiumPath === null ? describe.skip : describe)(
  'everybody can use the page (skipped without Chromium)',
  () => {
    preparePages();

    it.each(looks)('axe-core has nothing against it: %s', async (look, context) => {
      await mkdir('.tmp/dashboard', { recursive: true });
      await withPage({ sandbox, context }, async ({ page, team, complaints }) => {
        await trouble(page);
        const violations = await violationsOf(page, `${look}-idle`);
        await page.getByRole('checkbox', { name: 'Select all' }).check();
        await page.getByRole('checkbox', { name: 'Select Team Brittany' }).uncheck();
        violations.push(...(await violationsOf(page, `${look}-selected`)));
        await page.getByRole('button', { name: 'Export selected (4)' }).click();
        await team('Team Alvin').getByText('404 not there yet').waitFor();
        violations.push(...(await violationsOf(page, `${look}-waiting`)));
        await team('Team Brittany').getByRole('button', { name: 'Export Team Brittany' }).click();
        for (const name of ['Team Alvin', 'Équipe Théodore'])
          await team(name).getByText('Ready', { exact: true }).waitFor();
        await team('Team Brittany').getByText('EXPORT_FAILED').waitFor();
        await team('Équipe Théodore').locator('summary').click();
        violations.push(...(await violationsOf(page, `${look}-ended`)));

        expect(violations).toEqual([]);
        expect(await isWiderThanItsWindow(page)).toBe(false);
        expect(complaints).toEqual([]);
      });
    });

    it('axe-core has nothing against it when the teams cannot be read', async () => {
      await withPage({ accessToken: 'not-this-one', teamsShown: false }, async ({ page }) => {
        await page.getByText('AUTHENTICATION_FAILED').waitFor();
        expect(await violationsOf(page, 'light-refused')).toEqual([]);
      });
    });

    it('the keyboard is enough, and the focus is never lost', async () => {
      const two = { teams: sandbox.teams.slice(0, 2), readyAfter: '1s' };
      await withPage({ sandbox: two }, async ({ page, team, ...opened }) => {
        const focused = async () => page.evaluate(() => document.activeElement?.textContent ?? '');
        const tabTo = async (text: string, key = 'Tab') => {
          for (let step = 0; step < 20 && !(await focused()).includes(text); step += 1)
            await page.keyboard.press(key);
          expect(await focused()).toContain(text);
        };
        await page.keyboard.press('Tab');
        await page.keyboard.press('Space');
        expect(await page.getByRole('checkbox', { name: 'Select Team Alvin' }).isChecked()).toBe(true);
        await page.keyboard.press('Space');
        expect(await page.getByRole('checkbox', { name: 'Select Team Alvin' }).isChecked()).toBe(false);

        await tabTo('Export Team Alvin');
        await page.keyboard.press('Enter');
        await team('Team Alvin').getByText('Waiting', { exact: true }).waitFor();
        expect(await focused()).toBe('Export Team Alvin');
        await page.keyboard.press('Enter');
        await tabTo('Cancel', 'Shift+Tab');
        await page.keyboard.press('Space');
        await team('Team Alvin').getByText('Cancelled', { exact: true }).waitFor();
        expect(await focused()).toContain('Cancelled');

        await tabTo('Try again Team Alvin');
        await page.keyboard.press('Space');
        await tabTo('Cancel', 'Shift+Tab');
        // It goes while it has the focus.
        await team('Team Alvin').getByText('Ready', { exact: true }).waitFor();
        expect(await focused()).toContain('Ready');
        await tabTo('Download Team Overview - Team Alvin.zip');
        const coming = page.waitForEvent('download');
        await page.keyboard.press('Enter');
        expect((await coming).suggestedFilename()).toBe('Team Overview - Team Alvin.zip');
        expect(opened.sandbox.exports).toHaveLength(2);
      });
    });

    it('keeps still for those who prefer that', async () => {
      await withPage({ sandbox, context: { reducedMotion: 'reduce' } }, async ({ page, team }) => {
        await team('Team Alvin').getByRole('button', { name: 'Export Team Alvin' }).click();
        await team('Team Alvin').getByText('404 not there yet').waitFor();
        expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
      });
    });
  },
);
