import { languageOf } from '../facts/language-of.ts';
import { saidSentences } from './said-sentences.ts';
import type { SummarySentence } from './summary-store.ts';

/** What a summary may be made of: a message, or a sentence of a summary below. */
export interface SummaryLine {
  /** Who said it; empty for a sentence that is told already. */
  speaker: string;
  byHuman: boolean;
  /** What may be told of it, sentence by sentence. */
  sentences: readonly string[];
  /** The messages it rests on, and what was said in them. */
  evidence: readonly Evidence[];
}

export interface Evidence {
  messageId: string;
  speaker: string;
  text: string;
}

/** A message without the sentences that must not be remembered; undefined when nothing is left. */
export function lineOfMessage(
  message: { id: string; speaker: string; byHuman: boolean; text: string },
  isForbidden: (sentence: string) => boolean,
): SummaryLine | undefined {
  const sentences = saidSentences(message.text).filter((sentence) => !isForbidden(sentence));
  if (sentences.length === 0) return undefined;
  const { id: messageId, speaker, byHuman } = message;
  return { speaker, byHuman, sentences, evidence: [{ messageId, speaker, text: sentences.join('\n') }] };
}

/** A sentence of a summary, with the messages it rests on. */
export function lineOfSentence(
  { text, sources }: SummarySentence,
  messageOf: (id: string) => { speaker: string; text: string } | undefined,
): SummaryLine {
  const evidence = sources.flatMap((messageId): Evidence[] => {
    const message = messageOf(messageId);
    return message ? [{ messageId, speaker: message.speaker, text: message.text }] : [];
  });
  return { speaker: '', byHuman: false, sentences: [text], evidence };
}

export function sourcesOf(lines: readonly SummaryLine[]): string[] {
  return [...new Set(lines.flatMap(({ evidence }) => evidence.map(({ messageId }) => messageId)))];
}

/** The language most of it is said in, as `languageOf` names it. */
export function languageOfLines(lines: readonly SummaryLine[]): string {
  const letters = new Map<string, number>();
  for (const { sentences } of lines) {
    for (const sentence of sentences) {
      const language = languageOf(sentence);
      // A Han character says about as much as two Latin letters.
      const weight = sentence.length * (language === 'en' ? 1 : 2.5);
      letters.set(language, (letters.get(language) ?? 0) + weight);
    }
  }
  return [...letters].toSorted((left, right) => right[1] - left[1])[0]?.[0] ?? 'en';
}
