/**
 * Keeps the screen on while a call lasts, and takes the lock again when the page comes back into sight, which is when
 * browsers let go of it. Without the API nothing happens.
 */
export function stayAwake(): () => void {
  const life = new AbortController();
  let lock: WakeLockSentinel | null = null;
  async function take(): Promise<void> {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      lock = await navigator.wakeLock.request('screen');
      if (life.signal.aborted) await lock.release();
    } catch {
      // The battery is low, or the system says no: the call goes on.
    }
  }
  void take();
  document.addEventListener('visibilitychange', () => void take(), { signal: life.signal });
  return () => {
    life.abort();
    void lock?.release().catch(() => undefined);
  };
}
