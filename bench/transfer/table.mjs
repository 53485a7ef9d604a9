// @ts-check
import { ratioOf, summaryOf } from './results.mjs';

/**
 * A Markdown table that is also legible as it is.
 *
 * @param {readonly (readonly string[])[]} rows the first one is the head
 * @returns {string}
 */
export function table(rows) {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${widths.map((width, column) => (column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

/**
 * @param {import('./results.mjs').CellResult} cell
 * @returns {string} Markdown
 */
export function cellText(cell) {
  const heading = `### ${cell.title}\n\n`;
  if (cell.invalid !== null) return `${heading}**INVALID, no figure of it counts.** ${cell.invalid}\n`;
  const baseline = cell.series.find(({ id }) => id === cell.baseline)?.name ?? cell.baseline;
  const rows = cell.series.map(({ id, name, runs }) => {
    const wall = summaryOf(cell, id, 'seconds');
    const ratio = ratioOf(cell, id, cell.baseline);
    return [
      name,
      seconds(wall?.median),
      wall === null ? '–' : `${seconds(wall.min)} – ${seconds(wall.max)}`,
      ratio === null ? '–' : ratio.toFixed(2),
      summaryOf(cell, id, 'cpuSeconds')?.median.toFixed(2) ?? '–',
      summaryOf(cell, id, 'peakMegabytes')?.median.toFixed(0) ?? '–',
      String(runs.length),
    ];
  });
  const head = ['', 'wall s', 'min – max', `÷ ${baseline}`, 'CPU s', 'peak MB', 'runs'];
  return `${heading}${table([head, ...rows])}\n${cell.notes.map((note) => `\n${note}\n`).join('')}`;
}

/** @param {number | undefined} value */
function seconds(value) {
  return value === undefined ? '–' : value.toFixed(value < 1 ? 3 : 2);
}

/**
 * @param {readonly import('./bars.mjs').Bar[]} bars
 * @returns {string} Markdown
 */
export function barsText(bars) {
  const rows = bars.map(({ text, measured, limit, verdict }) => [
    text,
    measured === null ? '–' : measured.toFixed(measured >= 10 ? 1 : 2),
    `≤ ${limit}`,
    verdict === 'fail' ? '**FAIL**' : verdict,
  ]);
  return `### Bars\n\n${table([['', 'measured', 'bar', ''], ...rows])}\n`;
}

/**
 * @param {import('./machine.mjs').Machine} machine
 * @returns {string}
 */
export function machineText({ cores, processor, memoryGigabytes, load, disk, node, nginx, curl, aria2 }) {
  return (
    `${cores} cores (${processor}), ${memoryGigabytes} GB of memory, load ${load.toFixed(1)} before; files on disk: ${disk}; ` +
    `Node ${node}, nginx ${nginx}, curl ${curl}, aria2 ${aria2}. Server and contender share the machine, over loopback.`
  );
}

/**
 * @param {import('./results.mjs').Results} results
 * @returns {string} the whole report, Markdown
 */
export function reportText({ machine, cells, bars }) {
  return `# The transfer, measured

Written by \`npm run bench\`; [docs/speed.md](../../docs/speed.md) says how. Ratios are what to look at: seconds depend on
the machine, and on what else it does. ${machineText(machine)}

![Wall time and memory, by contender](latest.svg)

${[barsText(bars), ...cells.map(cellText)].join('\n')}`;
}
