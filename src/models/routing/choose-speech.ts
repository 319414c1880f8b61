import type { Voice } from '../../../contract/voice.ts';
import { installedBytes } from '../catalog/file-set.ts';
import { type SpeechEntry } from '../catalog/speech-catalog.ts';

const PLACES: readonly Voice['engine']['place'][] = ['scripted', 'this-computer', 'provider'];

/**
 * The voice of a language where nobody chose one. What runs here comes before what costs money; in a call what answers
 * quickly comes first, elsewhere what sounds best. A likeness of somebody is never chosen unasked.
 */
export function chooseVoice(
  voices: readonly Voice[],
  { language, forCalls }: { language: string; forCalls: boolean },
): Voice | null {
  const candidates = voices.filter(
    ({ installed, cloned, languages }) => installed && !cloned && languages.includes(language),
  );
  const rank = (voice: Voice) =>
    PLACES.indexOf(voice.engine.place) * 2 + (voice.engine.place === 'scripted' || voice.forCalls === forCalls ? 0 : 1);
  return candidates.toSorted((one, other) => rank(one) - rank(other))[0] ?? null;
}

/**
 * The ears for a language, the best first: quick enough for a call, made for few languages, larger. Without a language
 * those come first that understand many.
 */
export function rankEars(entries: readonly SpeechEntry[], language: string | null): SpeechEntry[] {
  const manyFirst = language === null ? -1 : 1;
  return entries
    .filter(({ role, languages }) => role === 'transcription' && (language === null || languages.includes(language)))
    .toSorted(
      (one, other) =>
        Number(other.forCalls) - Number(one.forCalls) ||
        manyFirst * (one.languages.length - other.languages.length) ||
        installedBytes(other) - installedBytes(one),
    );
}

/** What of a call comes from elsewhere and need not be here. */
export interface ProvidedSpeech {
  voice: boolean;
  ears: boolean;
  /** Who speaks, and whether they have finished. */
  turns: boolean;
}

/** What a call in a language needs of this computer, and what is still to be fetched for it: the starters first. */
export function missingForCalls({
  entries,
  installed,
  language,
  provided,
}: {
  entries: readonly SpeechEntry[];
  installed: ReadonlySet<string>;
  language: string;
  provided: ProvidedSpeech;
}): SpeechEntry[] {
  const needed: SpeechEntry['role'][] = provided.turns ? [] : ['activity', 'turn'];
  if (!provided.ears) needed.push('transcription');
  if (!provided.voice) needed.push('speech');
  return needed.flatMap((role) => {
    const fitting = entries.filter(
      (entry) =>
        entry.role === role && entry.languages.includes(language) && (role !== 'speech' || speaks(entry, language)),
    );
    if (fitting.some(({ id }) => installed.has(id))) return [];
    const choice =
      fitting.find(({ use, forCalls }) => use === 'starter' && forCalls) ??
      fitting.find(({ use }) => use === 'starter') ??
      fitting.find(({ forCalls }) => forCalls) ??
      fitting[0];
    return choice ? [choice] : [];
  });
}

function speaks({ voices }: SpeechEntry, language: string): boolean {
  return voices.some(({ languages }) => languages.includes(language));
}
