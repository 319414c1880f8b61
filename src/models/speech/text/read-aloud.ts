import type { Pronunciation } from '../../../../contract/voice.ts';
import { languageOfLocale } from '../../../base/language-of-locale.ts';
import { normalizeForSpeech } from './normalize-for-speech.ts';

/** A text as a voice is to read it: no marks of writing, numbers in words, and words said as the person wants them said. */
export function readAloud(
  text: string,
  { language, pronunciations }: { language: string; pronunciations: readonly Pronunciation[] },
): string {
  const own = pronunciations.filter((word) => languageOfLocale(word.language) === language);
  const spoken = normalizeForSpeech(text, { language, pronunciations: own, numbers: 'words' });
  return /[\p{L}\p{N}]/u.test(spoken) ? spoken : '';
}
