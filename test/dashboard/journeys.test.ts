import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { chromiumPath } from '../chromium.js';
import { preparePages, withPage, type PageUnderTest } from './page-under-test.js';

const teams = [
  { id: '1', name: 'Alpha' },
  { id: '2', name: 'Beta' },
  { id: '3', name: 'Gamma', enableExportTeamOverview: false },
];

const exportButton = ({ team }: PageUnderTest, name: string) =>
  team(name).getByRole('button', { name: new RegExp(`^(Export|Export again|Try again) ${name}$`) });

/** Bytes of what the link of a ready team leads to. */
async function downloaded({ page, team }: PageUnderTest, name: string): Promise<Buffer> {
  const coming = page.waitForEvent('download');
  await team(name)
    .getByRole('link', { name: /^Download/ })
    .click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe(`Team Overview - ${name}.zip`);
  return readFile(await download.path());
}

(chromiumPath === null ? describe.skip : describe)('the dashboard in Chromium (skipped without it)', () => {
  preparePages();

  it('exports a team: phases, marks, and a link to the very file', async () => {
    await withPage({ sandbox: { teams, readyAfter: '1s', fileSize: 300_000 } }, async (opened) => {
      const { page, team, sandbox, complaints } = opened;
      await exportButton(opened, 'Alpha').click();
      await team('Alpha').getByText('Waiting', { exact: true }).waitFor();
      await team('Alpha').getByText('Ready', { exact: true }).waitFor();

      const [started] = sandbox.exports;
      expect(sandbox.exports).toHaveLength(1);
      expect(await downloaded(opened, 'Alpha')).toEqual(await sandbox.archiveOf(started!.exportId));
      expect(await team('Alpha').getByText('300 kB, link works until').count()).toBe(1);
      const timeline = team('Alpha').getByRole('img');
      expect(await timeline.getAttribute('aria-label')).toMatch(
        /^Timeline: \d+ × 404 not there yet; 1 × 206 the file$/,
      );
      const places = await timeline
        .locator('.attempt')
        .evaluateAll((marks) => marks.map((mark) => Number.parseFloat((mark as HTMLElement).style.left)));
      expect(places.length).toBeGreaterThan(3);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(await page.getByRole('log').allInnerTexts()).toEqual([
        expect.stringMatching(
          /Alpha: export requested\.\s+Alpha: waiting for the file\.\s+Alpha: ready to download, 300 kB\./,
        ),
      ]);
      expect(complaints).toEqual([]);
    });
  });

  it('says that an export FAILED, with its code and hint, and tries again', async () => {
    const sandboxOptions = { teams, readyAfter: '300ms', failures: { 1: 'FAILED' } } as const;
    await withPage({ sandbox: sandboxOptions }, async (opened) => {
      const { team, sandbox } = opened;
      await exportButton(opened, 'Alpha').click();
      await team('Alpha').getByText('EXPORT_FAILED').waitFor();
      expect(await team('Alpha').getByText('This is final for this export.').count()).toBe(1);
      expect(await exportButton(opened, 'Alpha').innerText()).toMatch(/^Try again/);
      await exportButton(opened, 'Alpha').click();
      await team('Alpha').getByText('EXPORT_FAILED').waitFor({ state: 'detached' });
      await team('Alpha').getByText('EXPORT_FAILED').waitFor();
      expect(sandbox.exports).toHaveLength(2);
    });
  });

  it('says that a URL has expired, without offering it', async () => {
    await withPage({ sandbox: { teams, failures: { 1: 'EXPIRED_URL' } } }, async (opened) => {
      await exportButton(opened, 'Alpha').click();
      await opened.team('Alpha').getByText('URL_EXPIRED').waitFor();
      expect(await opened.team('Alpha').getByText('Request the export again').count()).toBe(1);
      expect(await opened.team('Alpha').getByRole('link').count()).toBe(0);
    });
  });

  it('takes a link away when it has expired', async () => {
    await withPage({ sandbox: { teams, readyAfter: 0, urlLifetime: '2s' } }, async (opened) => {
      await exportButton(opened, 'Alpha').click();
      await opened.team('Alpha').getByRole('link').waitFor();
      await opened.team('Alpha').getByText('has expired').waitFor();
      expect(await opened.team('Alpha').getByRole('link').count()).toBe(0);
    });
  });

  it('cancels, and asks no more', async () => {
    await withPage({ sandbox: { teams, failures: { 1: 'NEVER_READY' } } }, async (opened) => {
      const { team, sandbox, page } = opened;
      await exportButton(opened, 'Alpha').click();
      await team('Alpha').getByText('404 not there yet').waitFor();
      await team('Alpha').getByRole('button', { name: 'Cancel the export of Alpha' }).click();
      await team('Alpha').getByText('Cancelled', { exact: true }).waitFor();
      expect(await team('Alpha').getByText('ABORTED').count()).toBe(1);
      const before = sandbox.requests.length;
      await page.waitForTimeout(1000);
      expect(sandbox.requests.length).toBe(before);
    });
  });

  it('makes one export of a double click', async () => {
    await withPage({ sandbox: { teams, readyAfter: '500ms' } }, async (opened) => {
      await exportButton(opened, 'Alpha').dblclick();
      await opened.team('Alpha').getByText('Ready', { exact: true }).waitFor();
      expect(opened.sandbox.exports).toHaveLength(1);
    });
  });

  it('exports the selected teams together, each file its own', async () => {
    await withPage({ sandbox: { teams, readyAfter: '500ms' } }, async (opened) => {
      const { page, team, sandbox } = opened;
      await page.getByRole('checkbox', { name: 'Select all' }).check();
      await page.getByRole('button', { name: 'Export selected (2)' }).click();
      await team('Alpha').getByText('Ready', { exact: true }).waitFor();
      await team('Beta').getByText('Ready', { exact: true }).waitFor();
      expect(sandbox.exports.map(({ teamId }) => teamId).sort()).toEqual(['1', '2']);
      for (const { exportId, teamId } of sandbox.exports) {
        const name = teamId === '1' ? 'Alpha' : 'Beta';
        expect(await downloaded(opened, name)).toEqual(await sandbox.archiveOf(exportId));
      }
    });
  });

  it('mails, where that is chosen', async () => {
    await withPage({ sandbox: { teams, readyAfter: 0 } }, async (opened) => {
      await opened.page.getByRole('radio', { name: 'E-mail' }).check();
      await exportButton(opened, 'Alpha').click();
      await opened.team('Alpha').getByText('Mailed', { exact: true }).waitFor();
      expect(opened.sandbox.outbox).toHaveLength(1);
    });
  });

  it('shows which team may not export, and why', async () => {
    await withPage({ sandbox: { teams } }, async (opened) => {
      const button = exportButton(opened, 'Gamma');
      expect(await button.isDisabled()).toBe(true);
      const reason = await button.getAttribute('aria-describedby');
      expect(await opened.page.locator(`[id="${reason}"]`).innerText()).toBe(
        'This team may not export its overview',
      );
      expect(await opened.page.getByRole('checkbox', { name: 'Select Gamma' }).isDisabled()).toBe(true);
    });
  });
});
