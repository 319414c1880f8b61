/** The instant of a local date and time `YYYY-MM-DD HH:MM` in a time zone, in epoch milliseconds. */
export function instantOf(local: string, timeZone: string): number {
  const wanted = Date.parse(`${local.replace(' ', 'T')}:00Z`);
  // Twice, for the offset may be another one at the instant the first guess names.
  let instant = wanted;
  for (let round = 0; round < 2; round += 1) instant = wanted - offsetAt(instant, timeZone);
  return instant;
}

/** Milliseconds that a time zone's clocks are ahead of UTC. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) -
    Math.floor(instant / 1000) * 1000
  );
}
