import { setTimeout as pause } from 'node:timers/promises';
import type * as index from '../../src/index.js';
import type { Attempt, Ended } from './run-row.js';
import { formsOf } from './traces.js';

/** The public functions, perhaps on top of a disk that is not quite right. */
export type Library = Pick<typeof index, 'waitUntilReady' | 'download' | 'createDatasaurClient'>;

type Clock = NonNullable<index.DownloadOptions['clock']>;

/** Time that goes by so many times as fast, so that patience costs a test little. */
const hasty = (speed: number): Clock => ({
  now: () => performance.now() * speed,
  delay: async (milliseconds, signal) => {
    await pause(milliseconds / speed, undefined, { signal }).catch(() => undefined);
  },
});

/** Waits for the file and downloads it, with the library. */
export const inStages =
  ({ waitUntilReady, download }: Library): Attempt =>
  async (scene, { stallTimeout = 40_000, fetch }, overwrite, signal) => {
    const seen: string[] = [];
    return endOf(async () => {
      const remote = await waitUntilReady(scene.host.presign(), {
        timeout: 5000,
        attemptTimeout: Math.min(stallTimeout / 10, 2000),
        // Less so: what a wait has found it holds for a second only.
        clock: hasty(5),
        random: () => 0.5,
        signal,
        onAttempt: (attempt) => seen.push(attempt.seen),
        ...(fetch === undefined ? {} : { fetch: fetch(scene) }),
      });
      seen.push(JSON.stringify(remote));
      return download(remote, { to: folderOf(scene), overwrite, stallTimeout, clock: hasty(50), signal });
    }, seen);
  };

/** Requests the export, waits for the file and downloads it, with the library. */
export const asJourney =
  ({ createDatasaurClient }: Library): Attempt =>
  async (scene, { fetch }, overwrite, signal) =>
    endOf(async () => {
      const { clientSecret } = scene.host.secrets;
      const client = createDatasaurClient({
        baseUrl: scene.host.url,
        credentials: { clientId: 'client-1', clientSecret },
        requestTimeout: 400,
        fetch: fetch?.(scene),
      });
      return client.downloadTeamOverview(
        { teamId: '121' },
        { to: folderOf(scene), overwrite, signal, timeout: 3000 },
      );
    });

function folderOf({ target }: { target: string }): string {
  return target.slice(0, target.lastIndexOf('/') + 1);
}

async function endOf(run: () => Promise<unknown>, seen: string[] = []): Promise<Ended> {
  try {
    return { outcome: 'file ✓', texts: { ...formsOf(await run()), seen: seen.join('\n') } };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    const outcome = typeof code === 'string' ? code : `untyped: ${String(message)}`;
    return { outcome, texts: { ...formsOf(error), seen: seen.join('\n') } };
  }
}
