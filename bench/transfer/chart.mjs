// @ts-check
import { summaryOf } from './results.mjs';

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {{ name: string, ours: boolean, value: number, label: string }[]} bars
 */

/** @type {readonly { cell: string, quantity: keyof import('./results.mjs').Run, scale: number, digits: number, title: string }[]} */
const shown = [
  { cell: '1 GiB http', quantity: 'seconds', scale: 1, digits: 2, title: '1 GiB over http: seconds' },
  { cell: '1 GiB https', quantity: 'seconds', scale: 1, digits: 2, title: '1 GiB over https: seconds' },
  {
    cell: '200 MB at 20 MB/s http',
    quantity: 'seconds',
    scale: 1,
    digits: 2,
    title: '200 MB, 20 MB/s a connection: seconds',
  },
  {
    cell: '1 GiB http',
    quantity: 'peakMegabytes',
    scale: 1,
    digits: 0,
    title: '1 GiB over http: peak memory, MB',
  },
  { cell: 'cold start', quantity: 'seconds', scale: 1000, digits: 0, title: 'Cold start: milliseconds' },
];

/**
 * What the chart shows of the results: cells that were not measured, or do not count, are left out.
 *
 * @param {readonly import('./results.mjs').CellResult[]} cells
 * @returns {Panel[]}
 */
export function panelsOf(cells) {
  return shown.flatMap(({ cell: wanted, quantity, scale, digits, title }) => {
    const cell = cells.find((one) => one.title === wanted);
    const bars = (cell?.series ?? []).flatMap(({ id, name }) => {
      const median = summaryOf(cell, id, quantity)?.median;
      if (median === undefined) return [];
      const value = median * scale;
      return [{ name, ours: name.startsWith('datasaur-export'), value, label: value.toFixed(digits) }];
    });
    return bars.length === 0 ? [] : [{ title, bars }];
  });
}

const width = 780;
const left = 275;
const [barHeight, barStep, headHeight, gap] = [16, 23, 30, 18];
const longest = width - left - 70;

/**
 * Horizontal bars, a group for each panel; it follows the colours of light and dark pages.
 *
 * @param {readonly Panel[]} panels
 * @returns {string} SVG
 */
export function chart(panels) {
  /** @type {string[]} */
  const lines = [];
  let y = gap;
  for (const { title, bars } of panels) {
    lines.push(text(0, y + 15, title, 'title'));
    y += headHeight;
    const top = Math.max(...bars.map(({ value }) => value));
    for (const { name, ours, value, label } of bars) {
      const length = Math.max(2, (value / top) * longest).toFixed(1);
      const kind = ours ? 'ours' : 'other';
      lines.push(text(left - 10, y + 12.5, name, `name ${kind}-name`));
      lines.push(
        `<rect class="${kind}" x="${left}" y="${y}" width="${length}" height="${barHeight}" rx="2"/>`,
      );
      lines.push(text(left + Number(length) + 7, y + 12.5, label, 'value'));
      y += barStep;
    }
    y += gap;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 0 ${width + 40} ${y}" width="${width + 40}" height="${y}" role="img" aria-label="Wall time and memory, by contender">
<style>
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 14px }
  .name { text-anchor: end }
  .ours-name { font-weight: 600 }
  .value { font-variant-numeric: tabular-nums }
  .ours { fill: #1a7f64 }
  .other { fill: #9aa4af }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .ours { fill: #3fb08f }
    .other { fill: #6e7a86 }
  }
</style>
${lines.join('\n')}
</svg>
`;
}

/** @type {(x: number, y: number, content: string, kind: string) => string} */
function text(x, y, content, kind) {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${escaped}</text>`;
}
