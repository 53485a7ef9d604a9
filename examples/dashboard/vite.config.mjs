import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('.'),
  cacheDir: path('../../.tmp/vite'),
  resolve: {
    // What an installed package would find by its name.
    alias: { 'datasaur-export/react': path('../../dist/src/react/index.js') },
    // Both ends of a context have to come from the same copy.
    dedupe: ['react', 'react-dom', '@apollo/client'],
  },
});
