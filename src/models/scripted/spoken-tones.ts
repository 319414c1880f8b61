/**
 * Words as tones, and back: what scripted voices say and scripted ears understand, so that a test can follow words
 * through loudspeakers, microphones, sockets and other sample rates. Each half byte of UTF-8 is one of 16 tones; even
 * and odd ones use two sets of tones, so that every change is heard even between equal halves.
 */

/** Milliseconds a tone sounds at speed 1: some 20 letters a second. */
const TONE_MS = 25;
const LOWEST_HERTZ = 400;
const STEP_HERTZ = 120;
const TONES = 16;
const LOUDNESS = 0.3;
/** Rises and falls, so that tones do not click. */
const RAMP_MS = 1;
/** The ear looks at so much sound, so often. */
const WINDOW_MS = 10;
const HOP_MS = 2.5;
/** Looks in a row that make a tone. */
const LEAST_LOOKS = 2;
/** Looks without a tone after which the next one is a new beginning. */
const PAUSE_LOOKS = 8;
/** Below this level (RMS) there is silence. */
const SILENCE = 0.004;
/** Share of the sound's energy that its loudest tone has to have. */
const PURITY = 0.35;

/** The frequency of a half byte, in hertz. */
function hertzOf({ value, isOdd }: { value: number; isOdd: boolean }): number {
  return LOWEST_HERTZ + STEP_HERTZ * (value + (isOdd ? TONES : 0));
}

/** Milliseconds that a text sounds. */
export function durationOf(text: string, speed: number): number {
  return (new TextEncoder().encode(text).length * 2 * TONE_MS) / speed;
}

/** The sound of a text, mono in [-1, 1]. */
export function toTones(text: string, { sampleRate, speed }: { sampleRate: number; speed: number }): Float32Array {
  const bytes = new TextEncoder().encode(text);
  const halves = [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
  const length = Math.round((TONE_MS * sampleRate) / 1000 / speed);
  const ramp = Math.round((RAMP_MS * sampleRate) / 1000);
  const samples = new Float32Array(halves.length * length);
  for (const [index, value] of halves.entries()) {
    const step = (2 * Math.PI * hertzOf({ value, isOdd: index % 2 === 1 })) / sampleRate;
    for (let at = 0; at < length; at += 1) {
      const edge = Math.min(1, (at + 1) / ramp, (length - at) / ramp);
      samples[index * length + at] = LOUDNESS * edge * Math.sin(step * at);
    }
  }
  return samples;
}

/** The words in a sound that `toTones` made; of one that was cut off, those before the cut. */
export function fromTones(samples: Float32Array, sampleRate: number): string {
  const texts: string[] = [];
  let halves: number[] = [];
  const finish = () => {
    const text = toText(halves);
    if (text !== '') texts.push(text);
    halves = [];
  };
  for (const tone of listTones(samples, sampleRate)) {
    if (tone === null) finish();
    else if (tone >= TONES === (halves.length % 2 === 1)) halves.push(tone % TONES);
  }
  finish();
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}

/** Tones in the order they sound, 0 to 31; null where there is a pause. */
function listTones(samples: Float32Array, sampleRate: number): (number | null)[] {
  const size = Math.round((WINDOW_MS * sampleRate) / 1000);
  const hop = Math.round((HOP_MS * sampleRate) / 1000);
  const found: (number | null)[] = [];
  let current: number | null = null;
  let looks = 0;
  let silent = 0;
  for (let at = 0; at + size <= samples.length; at += hop) {
    const tone = loudestTone(samples.subarray(at, at + size), sampleRate);
    looks = tone === current ? looks + 1 : 1;
    current = tone;
    silent = tone === null ? silent + 1 : 0;
    if (silent === PAUSE_LOOKS) found.push(null);
    if (tone !== null && looks === LEAST_LOOKS && found.at(-1) !== tone) found.push(tone);
  }
  return found;
}

function loudestTone(window: Float32Array, sampleRate: number): number | null {
  let energy = 0;
  for (const sample of window) energy += sample * sample;
  if (Math.sqrt(energy / window.length) < SILENCE) return null;
  let best = { tone: 0, power: 0 };
  for (let tone = 0; tone < 2 * TONES; tone += 1) {
    const power = powerAt(window, { hertz: LOWEST_HERTZ + STEP_HERTZ * tone, sampleRate });
    if (power > best.power) best = { tone, power };
  }
  // A pure tone of this energy has the power energy · length / 2.
  return best.power >= (PURITY * energy * window.length) / 2 ? best.tone : null;
}

/** Goertzel's algorithm (American Mathematical Monthly 65, 1958): the power of one frequency. */
function powerAt(window: Float32Array, { hertz, sampleRate }: { hertz: number; sampleRate: number }): number {
  const factor = 2 * Math.cos((2 * Math.PI * hertz) / sampleRate);
  let before = 0;
  let last = 0;
  for (const sample of window) {
    const next = sample + factor * last - before;
    before = last;
    last = next;
  }
  return last * last + before * before - factor * last * before;
}

/** Whole characters only: the last one may have been cut. */
function toText(halves: readonly number[]): string {
  const bytes: number[] = [];
  for (let at = 0; at + 1 < halves.length; at += 2) bytes.push(((halves[at] ?? 0) << 4) | (halves[at + 1] ?? 0));
  for (let cut = 0; cut < 4 && cut <= bytes.length; cut += 1) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes.slice(0, bytes.length - cut)));
    } catch {
      // Half a character at the end: without it, then.
    }
  }
  return '';
}
