/** Delays of a loudspeaker, the air and two buffers, in steps of 32 ms: 0 to 640 ms. */
const MOST_LAG_STEPS = 20;
/** Steps of speech needed before loudness alone may speak: chance makes short curves alike. */
const FEWEST_STEPS = 20;
/** Pearson correlation above which what is heard moves as what is played. */
const ECHO_FROM = 0.9;
/** A curve that crosses its own mean less often has no syllables: any step would look like any other. */
const FEWEST_CROSSINGS = 2;
/** Powers below this are silence; keeps logarithms of silence from ruling the correlation. */
const FLOOR = 1e-6;

/**
 * True when the loudness of what is heard follows that of what is played at some delay. `heard`: mean power per step;
 * `played`: the same of our own sound, ending where the device plays at the last heard step, and `MOST_LAG_STEPS` longer.
 */
export function followsPlayback(heard: readonly number[], played: readonly number[]): boolean {
  if (heard.length < FEWEST_STEPS) return false;
  const ours = heard.map(toLog);
  if (meanCrossings(ours) < FEWEST_CROSSINGS) return false;
  const theirs = played.map(toLog);
  for (let lag = 0; lag <= MOST_LAG_STEPS; lag += 1) {
    const end = theirs.length - lag;
    const begin = end - ours.length;
    if (begin < 0) break;
    if (correlation(ours, theirs.slice(begin, end)) >= ECHO_FROM) return true;
  }
  return false;
}

/** Steps of playback that `followsPlayback` wants for so many heard ones. */
export function playbackSteps(heardSteps: number): number {
  return heardSteps + MOST_LAG_STEPS;
}

function meanCrossings(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.filter((value, index) => index > 0 && value >= mean !== (values[index - 1] ?? 0) >= mean).length;
}

function toLog(power: number): number {
  return Math.log(power + FLOOR);
}

/** Pearson's; 0 where one of them does not move. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (const [index, value] of a.entries()) {
    const [x, y] = [value - meanA, (b[index] ?? 0) - meanB];
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}
