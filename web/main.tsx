import './ui/styles.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startTexts } from './state/i18n.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');

await startTexts();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without a secure context (a phone on the LAN) there is no worker, and nothing is missed but the offline page.
  navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}
