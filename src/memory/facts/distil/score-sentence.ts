import type { CandidateSentence } from './candidate-sentences.ts';
import { languageOfSentence, type StatementLanguage } from './language-signals.ts';
import { isPlainStatement } from './plain-statements.ts';
import { innerNames, signalsOf } from './signals.ts';

/** A sentence with what it shows, and how much it looks like something lasting about somebody's life. */
export interface ScoredSentence extends CandidateSentence {
  language: StatementLanguage;
  signals: ReadonlySet<string>;
  /** Log-odds that a careful friend would keep it, by the set it was fitted on. */
  score: number;
}

/** Kinds of substance; a sentence with several at once is dense. */
const SUBSTANCE: readonly (readonly string[])[] = [
  ['name'],
  ['number'],
  ['date', 'year'],
  ['kin', 'social', 'mySocial', 'called'],
  ['event', 'works', 'lives', 'health', 'isA'],
];

/** What people say of themselves in so many words is kept however short and sparse it is: log-odds. */
const PLAIN_STATEMENT = 3;

/** What makes a sentence tell of a life; with none of it, names and numbers are those of a scene. */
const LASTING: readonly string[] =
  'works lives event health called age birthday year isA habit usedTo appositive promise plain callMe'.split(' ');

/** Length in Latin letters' worth, and what shorter or longer sentences are called. */
const LENGTHS = { tiny: 25, short: 45, medium: 90, long: 160 } as const;

/** Scores a sentence with a linear model over named signals; `people` are the speakers' names. */
export function scoreSentence(sentence: CandidateSentence, people: readonly string[]): ScoredSentence {
  const language = languageOfSentence(sentence.text);
  const signals = new Set(signalsOf(sentence.text, language.signals));
  const names = innerNames(sentence.text).filter((name) => !people.includes(name));
  if (names.length > 0) signals.add('name');
  if (names.length > 1) signals.add('names');
  if (sentence.turn.byHuman) signals.add('human');
  const length = sizeOf(sentence, language);
  if (length < LENGTHS.tiny) signals.add('tiny');
  else if (length < LENGTHS.short) signals.add('short');
  else if (length > LENGTHS.long) signals.add('long');
  else if (length > LENGTHS.medium) signals.add('medium');
  const dense = SUBSTANCE.filter((kind) => kind.some((name) => signals.has(name))).length;
  for (const least of [2, 3, 4]) if (dense >= least) signals.add(`dense${least}`);
  const { bias, weights } = language.weights;
  if (isPlainStatement(sentence.text)) signals.add('plain');
  if (!LASTING.some((name) => signals.has(name))) signals.add('bare');
  const score = signals.values().reduce((sum, name) => sum + (weights[name] ?? 0), bias);
  return { ...sentence, language, signals, score: score + (signals.has('plain') ? PLAIN_STATEMENT : 0) };
}

/** Length of a text in Latin letters' worth. */
export function sizeOf({ text }: Pick<CandidateSentence, 'text'>, { density }: StatementLanguage): number {
  return text.length * density;
}
