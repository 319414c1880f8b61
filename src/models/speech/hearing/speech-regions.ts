import { ACTIVITY_FRAME_SAMPLES, HEARING_SAMPLE_RATE, type ActivityDetector } from '../../spec/speech-handle.ts';

/** Part of a recording in which somebody speaks, in samples of 16 kHz: from `start` to before `end`. */
export interface SpeechRegion {
  start: number;
  end: number;
}

/** Silero's authors' own: speech begins above the first and ends below the second. */
const SPEECH_BEGINS = 0.5;
const SPEECH_ENDS = 0.35;
const samplesOf = (seconds: number): number => Math.round(seconds * HEARING_SAMPLE_RATE);
/** A shorter pause belongs to a sentence. */
const PAUSE_SAMPLES = samplesOf(0.5);
/** First and last sounds are weak; a little more costs nothing. */
const MARGIN_SAMPLES = samplesOf(0.25);
/** Regions with less between them are heard together: an engine understands more in context. */
const NEAR_SAMPLES = samplesOf(1.5);

/** Where somebody speaks, in pieces of at most `longest` seconds unless nobody pauses. Throws when the signal fires. */
export async function findSpeech(
  samples: Float32Array,
  { activity, longest, signal }: { activity: ActivityDetector; longest: number; signal: AbortSignal },
): Promise<SpeechRegion[]> {
  const found: SpeechRegion[] = [];
  let open: SpeechRegion | null = null;
  const frame = new Float32Array(ACTIVITY_FRAME_SAMPLES);
  for (let start = 0; start < samples.length; start += ACTIVITY_FRAME_SAMPLES) {
    signal.throwIfAborted();
    frame.fill(0);
    frame.set(samples.subarray(start, start + ACTIVITY_FRAME_SAMPLES));
    const probability = await activity.probability(frame);
    const end = Math.min(samples.length, start + ACTIVITY_FRAME_SAMPLES);
    if (probability >= SPEECH_BEGINS) open ??= { start, end };
    if (open && probability >= SPEECH_ENDS) open.end = end;
    if (open && end - open.end >= PAUSE_SAMPLES) {
      found.push(open);
      open = null;
    }
  }
  if (open) found.push(open);
  return joinNear(
    found.map((region) => withMargins(region, samples.length)),
    samplesOf(longest),
  );
}

function withMargins({ start, end }: SpeechRegion, length: number): SpeechRegion {
  return { start: Math.max(0, start - MARGIN_SAMPLES), end: Math.min(length, end + MARGIN_SAMPLES) };
}

function joinNear(regions: readonly SpeechRegion[], longest: number): SpeechRegion[] {
  const joined: SpeechRegion[] = [];
  for (const region of regions) {
    const last = joined.at(-1);
    if (last && region.start - last.end <= NEAR_SAMPLES && region.end - last.start <= longest) last.end = region.end;
    // Margins of neighbours may overlap; no sample is heard twice.
    else joined.push({ start: Math.max(region.start, last?.end ?? 0), end: region.end });
  }
  return joined;
}
