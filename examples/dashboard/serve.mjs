// npm run dashboard: the page, with a local Datasaur behind it, until Ctrl-C.
import { demoAccount } from './demo-account.mjs';
import { startDashboard } from './start-dashboard.mjs';

const { url, close } = await startDashboard({ port: Number(process.env.PORT ?? 5173), sandbox: demoAccount });

console.log(`The dashboard is at ${url}

Its exports take ${demoAccount.readyAfter}. Team Brittany's fail, Team Jeanette's never come, Team Eleanor's come with a URL
that has expired, and Team Dave may not export. Ctrl-C ends it.`);

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    process.exitCode = status;
    void close();
  });
}
