import { pinyin } from 'pinyin-pro';
import type { Locale } from '../../../contract/common.ts';
import { normalizeForSpeech } from '../../models/speech/text/normalize-for-speech.ts';

export interface Consent {
  name: string;
  providerName: string;
  locale: Locale;
  /** Milliseconds; the day is that of the server's time zone. */
  at: number;
}

/** Share of letters that a recogniser may get wrong, names of people and companies above all. */
const MOST_ERRORS = 0.3;
const LONGEST_HEARD = 4000;

/**
 * What a person reads aloud to allow a likeness of their voice: who, what for, when, and that it can be taken back. Long
 * enough that the same recording is all a provider needs, so that the voice that is copied is the voice that consented.
 */
export function consentStatement({ name, providerName, locale, at }: Consent): string {
  const day = new Date(at).toLocaleDateString(locale, { day: 'numeric', month: 'long', year: 'numeric' });
  if (locale === 'zh-CN') {
    return (
      `我叫${name}，这是我本人的声音。今天是${day}，我同意由${providerName}复制我的声音，` +
      '让这里的角色用复制的声音说话，直到我收回同意为止。没有人强迫我说这些话，我知道我可以随时要求删除这个声音。'
    );
  }
  return (
    `My name is ${name}, and this is my own voice. Today, on ${day}, I agree that ${providerName} makes a copy of it, ` +
    'and that characters in this house may speak with the copy until I take it back. Nobody made me say this, and I ' +
    'know that I can have the copy removed at any time.'
  );
}

/** Whether a transcript is the statement, read from beginning to end, but for what recognisers get wrong. */
export function saysStatement({
  heard,
  statement,
  locale,
}: {
  heard: string;
  statement: string;
  locale: Locale;
}): boolean {
  const wanted = toLetters(statement, locale);
  const got = toLetters(heard.slice(0, LONGEST_HEARD), locale);
  return editDistance(got, wanted) <= wanted.length * MOST_ERRORS;
}

/** Letters as they are said: numbers in words, Chinese as pinyin without tones, since recognisers confuse homophones. */
function toLetters(text: string, locale: Locale): string {
  const language = locale === 'zh-CN' ? 'zh' : 'en';
  const spoken = normalizeForSpeech(text, { language, pronunciations: [], numbers: 'words' });
  const latin = pinyin(spoken, { toneType: 'none', nonZh: 'consecutive', v: true });
  return latin
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '');
}

/** Levenshtein (1966). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index += 1) {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at += 1) {
      const change = (row[at - 1] ?? 0) + (one[index] === other[at - 1] ? 0 : 1);
      next.push(Math.min(change, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
