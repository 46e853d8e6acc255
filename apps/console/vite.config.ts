import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { precompress } from './precompress.js';

/** Where `npm run dev` finds the admin API. */
const API = process.env['CAS_ADMIN_URL'] ?? 'http://127.0.0.1:51001';

/** The console's files, which the admin API serves at /. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), constraints(), precompress()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    // No file is put into another as a data: address, which the Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    // The polyfill would be a script for browsers that cannot run the rest either.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Bytes of the largest script; the browser tests hold what is loaded first.
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': API, '/docs': API, '/openapi.json': API } },
});

/** Puts beside the page what the code of a new token hands to pip. */
function constraints(): Plugin {
  const fileName = 'clip-client-constraints.txt';
  return {
    name: 'constraints',
    apply: 'build',
    generateBundle() {
      const source = readFileSync(join(import.meta.dirname, '../../docs', fileName));
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
