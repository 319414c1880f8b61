import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds `web/` into `dist/web`, which the server serves; `npm run web:dev` proxies to a server on its usual port. */
export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy allows no inline script, so no preload helper may be inlined.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        // What every page needs, in one file: it compresses better than forty, and seldom changes.
        codeSplitting: {
          groups: [
            {
              name: 'common',
              test: /node_modules[\\/](?:react|react-dom|scheduler|zod|i18next|react-i18next|clsx|@tanstack[\\/](?:query-core|react-query|react-router|router-core|history|store|react-store)|@mantine[\\/]core[\\/]esm[\\/]core)[\\/]/,
            },
            // What several pages share, in few files: a page that asks for a hundred small ones is slow on a phone.
            { name: 'house', test: /[\\/](?:web[\\/](?:ui|state)|client|contract)[\\/]/, minShareCount: 3 },
            { name: 'parts', test: /node_modules[\\/]@mantine[\\/]/, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:4321' } },
  },
});
