import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const expected = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Where Chromium is: the variable `CHROMIUM`, or where Debian puts it; null where there is none. */
export const chromiumPath: string | null = existsSync(expected) ? expected : null;

/** A Chromium without a window, which talks to nobody but the pages it is given. @throws where {@link chromiumPath} is null */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === null) throw new Error(`No Chromium at ${expected}.`);
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
