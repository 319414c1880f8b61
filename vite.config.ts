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
            // Parts apart from what the door needs, lest sheets and menus come before it; a group takes along what it imports.
            {
              name: 'door',
              test: /[\\/](?:@mantine[\\/]core[\\/]esm[\\/]components[\\/](?:Button|CloseButton|Loader|Transition|UnstyledButton)[\\/]|web[\\/]ui[\\/](?:plain-page|loading-page|not-found-page)\.)/,
            },
            { name: 'house', test: /[\\/](?:web[\\/]state|client|contract)[\\/]/, minShareCount: 3 },
            { name: 'parts', test: /[\\/](?:@mantine[\\/][^\\/]+[\\/]esm|web[\\/]ui)[\\/]/, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:4321' } },
  },
});
