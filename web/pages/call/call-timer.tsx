import { useEffect, useState } from 'react';

/** How long the call has lasted, `3:07` or `1:03:07`; not read out every second. */
export function CallTimer({ startedAt }: { startedAt: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span role="timer" aria-live="off">
      {formatDuration(now - startedAt)}
    </span>
  );
}

/** Milliseconds as a clock counts them. */
export function formatDuration(durationInMs: number): string {
  const seconds = Math.max(0, Math.floor(durationInMs / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(rest).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}
