import { chromium, type Browser } from 'playwright-core';
import { findProgram, isExecutable } from './find-program.ts';
import { canInstallPackages, installPackages } from './system-packages.ts';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const macPrograms = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** The path of a Chromium on this machine: `EVERWITH_TEST_BROWSER`, or the first usual name; null when there is none. */
export function findBrowser(): string | null {
  const asked = process.env['EVERWITH_TEST_BROWSER'];
  if (asked) return isExecutable(asked) ? asked : null;
  return findProgram(programs) ?? macPrograms.find(isExecutable) ?? null;
}

/** Like `findBrowser`, but installs one where that is possible. Throws with the reason and the remedy. */
export async function ensureBrowser(): Promise<string> {
  const found = findBrowser();
  if (found) return found;
  if (!canInstallPackages()) {
    throw new Error('no Chromium was found; install chromium or Google Chrome, or set EVERWITH_TEST_BROWSER');
  }
  await installPackages(['chromium', 'fonts-noto-cjk']);
  const installed = findBrowser();
  if (!installed) throw new Error('chromium was installed but cannot be found on the PATH');
  return installed;
}

/** Starts the machine's Chromium without a window, with `more` switches. Close it, or hold it with `await using`. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('There is no Chromium on this machine; `./everwith test` says how to get one.');
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', // a container's root may not make the sandbox's namespaces; only our own pages are opened
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}
