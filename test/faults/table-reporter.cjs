// Prints what the fault matrix found, one line a row, when all rows have been played.
const { readdirSync, readFileSync, rmSync } = require('node:fs');

const folder = '.tmp/faults';
const columns = [
  'fault',
  'stage',
  'size',
  'outcome',
  'requests',
  'fetched ÷ size',
  'again',
  'ms',
  'leaks, left-overs',
];

module.exports = class TableReporter {
  onRunStart() {
    rmSync(folder, { recursive: true, force: true });
  }

  onRunComplete() {
    const rows = read();
    if (rows.length === 0) return;
    const lines = rows.map(cells);
    const widths = columns.map((name, at) => Math.max(name.length, ...lines.map((line) => line[at].length)));
    const print = (line) =>
      process.stdout.write(
        `${line
          .map((cell, at) => cell.padEnd(widths[at]))
          .join('  ')
          .trimEnd()}\n`,
      );
    process.stdout.write('\n');
    print(columns);
    print(widths.map((width) => '─'.repeat(width)));
    lines.forEach(print);
    const failed = rows.filter((row) => row.outcome !== row.expected || row.wrong.length > 0).length;
    const files = rows.filter((row) => row.outcome === 'file ✓').length;
    const codes = new Set(rows.map((row) => row.outcome).filter((outcome) => outcome !== 'file ✓'));
    process.stdout.write(
      `\n${rows.length} rows: ${rows.length - failed} as they should be, ${failed} not; ${files} ended in the right file, the others in ${codes.size} codes.\n`,
    );
  }
};

function read() {
  try {
    return readdirSync(folder)
      .sort()
      .flatMap((name) => readFileSync(`${folder}/${name}`, 'utf8').trim().split('\n'))
      .map((line) => JSON.parse(line))
      .sort((a, b) => order(a) - order(b) || a.fault.localeCompare(b.fault, 'en', { numeric: true }));
  } catch {
    return [];
  }
}

function order({ stage, size }) {
  const stages = ['request', 'wait', 'first range', 'middle', 'last byte', 'fsync', 'rename'];
  return stages.indexOf(stage) * 3 + ['small', 'large', 'huge'].indexOf(size);
}

function cells({ fault, stage, size, outcome, expected, requests, ratio, again, milliseconds, wrong }) {
  return [
    fault,
    stage,
    size,
    outcome === expected ? outcome : `✗ ${outcome} instead of ${expected}`,
    String(requests),
    ratio.toFixed(2),
    again === null ? '' : again.toFixed(2),
    milliseconds.toFixed(0),
    wrong.length === 0 ? '✓' : `✗ ${wrong.join('; ')}`,
  ];
}
