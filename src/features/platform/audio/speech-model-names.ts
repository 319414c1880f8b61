import { NotFoundError } from '../../../base/errors.ts';

/** Something that speaks or listens, as developers call it. */
export interface SpeechModelName {
  /** What a request says in `model`. */
  name: string;
  ref: string;
}

/** Names that clients were written with: the house answers to them with what it has. */
const QUICK_SPEECH = /^(?:tts-1|speech-[\d.]+-turbo)$/u;
const FINE_SPEECH = /^(?:tts-1-hd|gpt-[\w.-]*tts[\w.-]*|speech-[\d.]+-hd)$/u;
const HEARING = /^(?:whisper-1|gpt-[\w.-]*transcribe[\w.-]*)$/u;

/** The catalog's id or the provider's own name where only one has it, else the whole ref. */
export function namesOfRefs(refs: readonly string[]): SpeechModelName[] {
  const unique = Array.from(new Set(refs));
  const short = (ref: string) => ref.slice(ref.indexOf(':') + 1);
  const counts = new Map<string, number>();
  for (const ref of unique) counts.set(short(ref), (counts.get(short(ref)) ?? 0) + 1);
  return unique.map((ref) => ({ ref, name: counts.get(short(ref)) === 1 ? short(ref) : ref }));
}

/**
 * Which of them a request means; null = any, for it says a usual name of OpenAI's or MiniMax's. Throws `NotFoundError`
 * (`model-not-found`).
 */
export function findSpeechModel(
  models: readonly SpeechModelName[],
  { model, job }: { model: string; job: 'speech' | 'hearing' },
): SpeechModelName | null {
  const found = models.find(({ name, ref }) => name === model || ref === model);
  if (found) return found;
  const isUsual = job === 'hearing' ? HEARING.test(model) : QUICK_SPEECH.test(model) || FINE_SPEECH.test(model);
  if (isUsual) return null;
  const does = job === 'hearing' ? 'transcribes' : 'speaks';
  const known = models.map(({ name }) => name).slice(0, 8);
  throw new NotFoundError(
    `The model “${model.slice(0, 200)}” does not exist here, or ${does} nothing. ` +
      (known.length > 0 ? `Use one of: ${known.join(', ')}.` : 'The owner fetches one in the settings, under Models.'),
    { code: 'model-not-found', field: 'model' },
  );
}

/** Whether a usual name asks for what answers quickly rather than for what sounds best. */
export function wantsQuickSpeech(model: string): boolean {
  return QUICK_SPEECH.test(model);
}
