/** The figures of the simulation as a table, and its picture. */
import {
  generator,
  leastProduct,
  mean,
  others,
  ours,
  readyTimes,
  settings,
  type Schedule,
} from './simulation.js';

export { chart } from './chart.js';

/** Mean lag and mean requests of every schedule, over 3000 ready times. */
export function table(): string {
  const times = readyTimes(3000, generator(1));
  const row = (name: string, schedule: Schedule): string => {
    const { lag, requests } = mean(schedule, times);
    const product = (lag / 1000) * requests;
    return line(name, `${(lag / 1000).toFixed(2)} s`, requests.toFixed(0), product.toFixed(0));
  };
  return [
    line('schedule', 'lag', 'requests', 'product'),
    `| ${'-'.repeat(19)} | ------: | -------: | ------: |`,
    ...Object.entries(others).flatMap(([name, schedule]) => {
      const patience = name in settings ? settings[name as keyof typeof settings] : null;
      return [
        row(name, schedule),
        ...(patience === null ? [] : [row(`ours, patience ${patience}`, ours({ patience }))]),
      ];
    }),
    line('any, at best', '', '', leastProduct().toFixed(0)),
    '',
  ].join('\n');
}

function line(name: string, lag: string, requests: string, product: string): string {
  return `| ${name.padEnd(19)} | ${lag.padStart(7)} | ${requests.padStart(8)} | ${product.padStart(7)} |`;
}
