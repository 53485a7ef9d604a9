// Vite, in a process of its own, as told by the process that started it; it ends with that one, however that ends.
import { fileURLToPath } from 'node:url';
import { createServer, preview } from 'vite';

const configFile = fileURLToPath(new URL('vite.config.mjs', import.meta.url));

async function listen({ built, ...listening }) {
  const common = { configFile, configLoader: 'native', logLevel: 'silent' };
  if (built !== undefined) return preview({ ...common, build: { outDir: built }, preview: listening });
  const server = await createServer({ ...common, server: listening });
  return server.listen();
}

// Ctrl-C is told to both processes; the other one decides.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit());
process.once('message', (order) => {
  listen(order).then(
    () => process.send({ listening: true }),
    (error) => process.send({ failed: error.message }),
  );
});
