import { useEffect, useState } from 'react';
import { formatDuration } from '../../state/format-duration.ts';

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
