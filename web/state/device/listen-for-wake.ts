/** Back online, or back on the page: no reason to wait for the next attempt. Returns how to stop listening. */
export function listenForWake(wake: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') wake();
  };
  addEventListener('online', wake);
  // Out of a freeze, and out of the browser's cache of pages.
  document.addEventListener('resume', wake);
  addEventListener('pageshow', wake);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    removeEventListener('online', wake);
    document.removeEventListener('resume', wake);
    removeEventListener('pageshow', wake);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
