import { afterAll, beforeAll } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { startDashboard, type DashboardOptions } from '../../examples/dashboard/start-dashboard.mjs';
import { launchChromium } from '../chromium.js';

const run = promisify(execFile);
type Dashboard = Awaited<ReturnType<typeof startDashboard>>;

export interface PageUnderTest extends Dashboard {
  page: Page;
  /** What the page wrote to the console, but for the browser's own account of answers that were not 2xx. */
  complaints: string[];
  /** The row of a team. */
  team: (name: string) => Locator;
}

let browser: Browser | null = null;
let built = '';

/** Builds the page once for the tests of a file, as for production, and starts a browser for them. */
export function preparePages(): void {
  beforeAll(async () => {
    built = await mkdtemp(join(tmpdir(), 'dashboard-'));
    // In a process of its own: the bundler's native part does not take the arrays of Jest's realm for arrays.
    const vite = [
      resolve('node_modules/vite/bin/vite.js'),
      'build',
      '--outDir',
      built,
      '--logLevel',
      'silent',
    ];
    const env = { ...process.env, NODE_ENV: 'production' };
    await run(process.execPath, vite, { cwd: 'examples/dashboard', env });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(built, { recursive: true, force: true });
  });
}

/** Opens the page, with a sandbox of its own behind it, and closes both when `use` is done. */
export async function withPage(
  {
    context = {},
    teamsShown = true,
    ...dashboard
  }: DashboardOptions & { context?: BrowserContextOptions; teamsShown?: boolean },
  use: (opened: PageUnderTest) => Promise<void>,
): Promise<void> {
  if (browser === null) throw new Error('preparePages() comes first.');
  const started = await startDashboard({ built, ...dashboard });
  const window = await browser.newContext(context);
  try {
    const page = await window.newPage();
    page.setDefaultTimeout(10_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
    });
    await page.goto(started.url);
    if (teamsShown) await page.getByRole('list').first().waitFor();
    const team = (name: string) =>
      page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
    await use({ ...started, page, complaints, team });
  } finally {
    await window.close();
    await started.close();
  }
}
