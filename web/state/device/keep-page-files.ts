/**
 * Has the service worker keep the files this page already loaded, which it did not see while it was being installed:
 * without them a page that was open before would not open without a network.
 */
export async function keepPageFiles(): Promise<void> {
  // Plain addresses of a network at home have no worker, whatever the types say.
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container?.controller && (await container?.getRegistration()) === undefined) return;
  const registration = await container?.ready;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  const files = loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'));
  registration?.active?.postMessage({ keep: [...new Set(files.map(({ pathname }) => pathname))] });
}
