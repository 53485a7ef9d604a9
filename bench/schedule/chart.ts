/** Draws what the schedules cost as a picture for the documentation: lag and requests over the ready time. */
import { generator, longest, mean, others, ours, settings, shortest, type Schedule } from './simulation.js';

interface Line {
  name: string;
  schedule: Schedule;
  style: string;
}

const lines: Line[] = [
  { name: `patience ${settings['fixed 0.5 s']}`, schedule: ours({ patience: settings['fixed 0.5 s'] }), style: 'o1' },
  { name: 'default', schedule: ours(), style: 'o2' },
  { name: `patience ${settings['fixed 5 s']}`, schedule: ours({ patience: settings['fixed 5 s'] }), style: 'o3' },
  ...Object.entries(others).map(([name, schedule], index) => ({ name, schedule, style: `t${index + 1}` })),
]; // prettier-ignore

/** The ready times, in this many steps, each the mean of this many waits. */
const steps = 42;
const perStep = 60;

interface Axis {
  from: number;
  to: number;
  /** Where the axis is marked, with what. */
  marks: readonly (readonly [value: number, text: string])[];
}

const times: Axis = {
  from: shortest,
  to: longest,
  marks: [[100, '0.1 s'], [1000, '1 s'], [10_000, '10 s'], [60_000, '1 min'], [600_000, '10 min']],
}; // prettier-ignore
const lags: Axis = {
  from: 30,
  to: 200_000,
  marks: [[100, '0.1 s'], [1000, '1 s'], [10_000, '10 s'], [60_000, '1 min']],
}; // prettier-ignore
const counts: Axis = { from: 1, to: 5000, marks: [[1, '1'], [10, '10'], [100, '100'], [1000, '1000']] }; // prettier-ignore

const width = 400;
const height = 300;
const top = 56;

function place(value: number, { from, to }: Axis, length: number): number {
  return (length * Math.log(value / from)) / Math.log(to / from);
}

const number = (value: number): string => value.toFixed(1);

interface Points {
  lag: string;
  requests: string;
}

function trace({ schedule }: Line): Points {
  const random = generator(11);
  const lag: string[] = [];
  const requests: string[] = [];
  const step = Math.log(longest / shortest) / steps;
  for (let index = 0; index < steps; index += 1) {
    const sample = Array.from({ length: perStep }, () => shortest * Math.exp(step * (index + random())));
    const cost = mean(schedule, sample, index + 1);
    const x = (width * (index + 0.5)) / steps;
    const y = (value: number, axis: Axis): number => height - place(Math.max(value, axis.from), axis, height);
    lag.push(`${number(x)},${number(y(cost.lag, lags))}`);
    requests.push(`${number(x)},${number(y(cost.requests, counts))}`);
  }
  return { lag: lag.join(' '), requests: requests.join(' ') };
}

function panel(left: number, title: string, axis: Axis, content: readonly string[]): string {
  const grid = [
    ...times.marks.map(([value, text]) => {
      const x = number(place(value, times, width));
      return `<path class="grid" d="M${x} 0V${height}"/><text x="${x}" y="${height + 18}" class="mid">${text}</text>`;
    }),
    ...axis.marks.map(([value, text]) => {
      const y = number(height - place(value, axis, height));
      return `<path class="grid" d="M0 ${y}H${width}"/><text x="-8" y="${Number(y) + 4}" class="end">${text}</text>`;
    }),
  ];
  return [
    `<g transform="translate(${left} ${top})">`,
    `<text x="0" y="-18" class="title">${title}</text>`,
    ...grid,
    ...content,
    `<text x="${width / 2}" y="${height + 38}" class="mid">the file is ready after</text>`,
    '</g>',
  ].join('\n');
}

/** The promise of the default: a tenth of the ready time and 0.1 s. */
function bound(): string {
  const points = Array.from({ length: 97 }, (_, index) => {
    const time = shortest * Math.exp((Math.log(longest / shortest) * index) / 96);
    return `${number(place(time, times, width))},${number(height - place(time / 10 + 100, lags, height))}`;
  });
  return `<polyline class="bound" points="${points.join(' ')}"/>`;
}

function legend(): string {
  const entries = [
    ...lines.map(({ name, style }) => [style, name] as const),
    ['bound', '10 % + 0.1 s'] as const,
  ];
  return entries
    .map(([style, name], index) => {
      const x = 60 + (index % 4) * 220;
      const y = top + height + 70 + Math.floor(index / 4) * 24;
      return `<path class="${style}" d="M${x} ${y}h34"/><text x="${x + 42}" y="${y + 4}">${name}</text>`;
    })
    .join('\n');
}

const style = `
svg { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
.paper { fill: #ffffff; } text { fill: #24292f; } .title { font-size: 15px; font-weight: 600; }
.mid { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: #d8dee4; fill: none; }
.bound { stroke: #57606a; stroke-width: 1.2; stroke-dasharray: 1 4; stroke-linecap: round; fill: none; }
.o1, .o2, .o3, .t1, .t2, .t3, .t4 { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.o1, .o2, .o3 { stroke: #0969da; } .o2 { stroke-width: 3.2; } .o1 { stroke-dasharray: 3 3; } .o3 { stroke-dasharray: 9 4; }
.t1 { stroke: #bf3989; } .t2 { stroke: #bc4c00; } .t3 { stroke: #1a7f37; } .t4 { stroke: #8250df; }
@media (prefers-color-scheme: dark) {
.paper { fill: #0d1117; } text { fill: #e6edf3; } .grid { stroke: #30363d; } .bound { stroke: #9198a1; }
.o1, .o2, .o3 { stroke: #4493f8; } .t1 { stroke: #db61a2; } .t2 { stroke: #db6d28; } .t3 { stroke: #3fb950; } .t4 { stroke: #ab7df8; }
}`;

export function chart(): string {
  const traces = lines.map((line) => ({ line, points: trace(line) })).reverse();
  const of = (kind: keyof Points): string[] =>
    traces.map(({ line, points }) => `<polyline class="${line.style}" points="${points[kind]}"/>`);
  return `${[
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 480" width="980" height="480" role="img" aria-labelledby="t">',
    '<title id="t">Mean lag and mean number of requests of polling schedules, over the time after which the file is ready</title>',
    `<style>${style}\n</style>`,
    '<rect class="paper" width="980" height="480" rx="8"/>',
    panel(70, 'mean lag, from ready to known', lags, [bound(), ...of('lag')]),
    panel(550, 'mean number of requests', counts, of('requests')),
    legend(),
    '</svg>',
  ].join('\n')}\n`;
}
