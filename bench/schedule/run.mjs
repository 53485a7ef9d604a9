// Simulates polling schedules, prints what they cost, and draws docs/schedule.svg. `node bench/schedule/run.mjs`
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
// From the sources, so that it never shows what an old build would do.
const { outputFiles } = await build({
  entryPoints: [here('report.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
const { chart, table } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
process.stdout.write(table());
writeFileSync(here('../../docs/schedule.svg'), chart());
