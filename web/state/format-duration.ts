/** Milliseconds as a clock counts them: `3:07` or `1:03:07`. */
export function formatDuration(durationInMs: number): string {
  const seconds = Math.max(0, Math.floor(durationInMs / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(rest).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}
