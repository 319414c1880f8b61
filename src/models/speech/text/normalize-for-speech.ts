import { speakChinese } from './chinese-rules.ts';
import { speakEnglish } from './english-rules.ts';
import { foldCharacters } from './fold-characters.ts';
import { applyPronunciations, type SpokenForm } from './pronunciation-dictionary.ts';

export interface SpeechNormalization {
  /** ISO 639-1, or longer (`zh-CN`), of the voice. */
  language: string;
  /** How words are said, for this person and language. */
  pronunciations: readonly SpokenForm[];
  /** `keep` where the engine reads numbers by itself. */
  numbers: 'words' | 'keep';
}

const HAN = /\p{Script=Han}/u;
/** Words may meet that only together mean something (`1Ⅷ`); ordinary text is finished after the first pass. */
const MOST_PASSES = 6;
/** Between the sentences of mixed text. */
const BETWEEN_SENTENCES = /(?<=[。！？\n]|[.!?](?=\s))/u;

/**
 * Writes text as it is read aloud: numbers, dates, money, units, abbreviations, addresses and signs in words; emoji and
 * what only decorates dropped. In a Chinese voice's text whole English sentences are read by English rules, and the
 * other way round. Other languages keep their numbers, for their engines read them. Text that is already as it is read
 * stays as it is.
 */
export function normalizeForSpeech(text: string, { language, pronunciations, numbers }: SpeechNormalization): string {
  let spoken = applyPronunciations(foldCharacters(text), pronunciations);
  const base = language.toLowerCase().split(/[-_]/u)[0] ?? '';
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const before = spoken;
    spoken = tidy(base === 'zh' || base === 'en' ? speakSentences(foldCharacters(before), base, numbers) : before);
    if (spoken === before) break;
  }
  return spoken;
}

function speakSentences(text: string, language: 'en' | 'zh', numbers: 'words' | 'keep'): string {
  return sentencesOf(text)
    .map((sentence) =>
      readsAsChinese(sentence, language) ? speakChinese(sentence, { numbers }) : speakEnglish(sentence, { numbers }),
    )
    .join('');
}

function sentencesOf(text: string): string[] {
  return HAN.test(text) ? text.split(BETWEEN_SENTENCES) : [text];
}

/** Numbers between Chinese words are Chinese, whatever Latin names stand beside them. */
function readsAsChinese(sentence: string, language: 'en' | 'zh'): boolean {
  if (HAN.test(sentence)) return true;
  return language === 'zh' && !/\p{Script=Latin}{2,}[^\p{L}]+\p{Script=Latin}{2,}/u.test(sentence);
}

/** Signs that no voice can say, and the spaces that rules left behind. */
function tidy(text: string): string {
  return text
    .replace(/[*_`^\\{}[\]<>#|~～]+/gu, ' ')
    .replace(/[©®™]/gu, '')
    .replace(/[ \t]+/gu, ' ')
    .replace(/(?<=[\p{Script=Han}，。！？；：、]) (?=[\p{Script=Han}，。！？；：、])/gu, '')
    .replace(/ +(?=[,.!?;:，。！？；：](?!\p{N}))/gu, '')
    .replace(/ ?\n+ ?/gu, '\n')
    .trim();
}
