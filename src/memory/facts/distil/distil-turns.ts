import { InvalidInputError, UnavailableError } from '../../../base/errors.ts';
import type { ModelHandle } from '../../../models/spec/model-handle.ts';
import { resolveTimes, type ResolvedTime } from '../../time/resolve-times.ts';
import type { Certainty } from '../fact-record.ts';
import { languageOf } from '../language-of.ts';
import { aboutOf, type Aboutness, type Talkers } from './about-of.ts';
import { askModel, type ModelAnswer } from './ask-model.ts';
import { candidateSentences } from './candidate-sentences.ts';
import type { DistilTurn } from './distil-turn.ts';
import { isClaim, isCommand } from './hostile-words.ts';
import { scoreSentence } from './score-sentence.ts';
import { statementRuns, type StatementRun } from './statement-runs.ts';
import { isSupported } from './support.ts';

/** Changes with every change of what is found, so that messages can be read anew. */
export const EXTRACTOR_VERSION = 1;

/**
 * So much below what is kept, a model is asked; log-odds. The fallback model is not: on the development half of
 * `evals/memory` the 0.5B kept 22 English sentences more there, of which six were listed, against 75 % above.
 */
const ASKED_BELOW = 0.3;
/** Facts of one turn; whoever says more tells a story, and recall finds it. */
const MOST_OF_A_TURN = 6;

/** A fact as found in a turn; it is nobody's yet. Times in epoch milliseconds. */
export interface DistilledFact extends Aboutness {
  turnId: string;
  text: string;
  /** Stands verbatim in the turn. */
  quote: string;
  language: string;
  saidAt: number;
  validFrom: number | null;
  validTo: number | null;
  certainty: Certainty;
  /** A time to come that the words name to the day. */
  due: { at: number; precision: 'minute' | 'hour' | 'day' } | null;
}

export interface DistilRequest {
  /** In path order. */
  turns: readonly DistilTurn[];
  talkers: Talkers;
  /** Null = rules alone, which keep less. */
  model: ModelHandle | null;
  /** IANA zone in which “yesterday” is meant. */
  timeZone: string;
  signal: AbortSignal;
}

/**
 * Finds lasting facts in turns. Rules drop what tells nothing and score the rest; a model larger than the
 * fallback, held to a grammar, decides about what lies in between, refuses what passes, and retells. A quote always stands verbatim in its turn; a retelling that
 * says more than its quote is dropped for the quote with its speaker. Writes nothing. Throws what the model throws.
 */
export async function distilTurns(request: DistilRequest): Promise<DistilledFact[]> {
  const facts: DistilledFact[] = [];
  for (const turn of request.turns) {
    request.signal.throwIfAborted();
    if (isCommand(turn.text)) continue;
    for (const run of runsOf(turn, request)) {
      const fact = await readRun(run, request);
      if (fact) facts.push(fact);
    }
  }
  return facts;
}

function runsOf(turn: DistilTurn, { model, talkers: { human, character } }: DistilRequest): StatementRun[] {
  const sentences = candidateSentences(turn).map((sentence) => scoreSentence(sentence, [human, character]));
  const keepFrom = sentences[0]?.language.keepFrom ?? 0;
  return statementRuns(sentences, judges(model) ? keepFrom - ASKED_BELOW : keepFrom)
    .toSorted((left, right) => right.score - left.score)
    .slice(0, MOST_OF_A_TURN);
}

async function readRun(run: StatementRun, request: DistilRequest): Promise<DistilledFact | null> {
  const { model, signal, timeZone } = request;
  const claimed = isClaim(run.quote);
  const keepFrom = run.sentences[0]?.language.keepFrom ?? 0;
  const isSure = run.score >= keepFrom;
  const answer = judges(model) && !claimed ? await askWhereThereIs(model, { run, signal }) : null;
  const isPlain = run.sentences.some(({ signals }) => signals.has('plain'));
  if (!isSure && !answer?.lasting) return null;
  // A larger model may also refuse what the rules were sure of, but for what is said in so many words.
  if (answer && !answer.lasting && !isPlain) return null;
  const { turn, quote } = run;
  const times = resolveTimes(quote, { at: turn.at, timeZone });
  const aboutness = claimed ? claimOf(turn) : aboutOf(run, request.talkers);
  return {
    ...aboutness,
    turnId: turn.id,
    text: retelling(run, answer?.text ?? null) ?? attributed(run),
    quote,
    language: languageOf(quote),
    saidAt: turn.at,
    ...validity(run, times),
    certainty: claimed ? 'claimed' : isSure ? 'certain' : 'likely',
    due: claimed ? null : dueTime(times, turn.at),
  };
}

/** What is only claimed is its speaker's. */
function claimOf({ speaker, byHuman, byOther }: DistilTurn): Aboutness {
  return { about: byOther ? 'other' : byHuman ? 'user' : 'character', subject: speaker };
}

/** True for a model whose judgement is better than the rules'. */
function judges(model: ModelHandle | null): model is ModelHandle {
  return model !== null && !model.fallback;
}

/** Null where no model answers: none is here, or it cannot be held to a grammar. */
async function askWhereThereIs(
  model: ModelHandle,
  question: { run: StatementRun; signal: AbortSignal },
): Promise<ModelAnswer | null> {
  try {
    return await askModel(model, question);
  } catch (error) {
    const refused =
      error instanceof InvalidInputError || (error instanceof UnavailableError && error.code === 'no-model');
    if (!refused) throw error;
    return null;
  }
}

function retelling({ turn, quote }: StatementRun, text: string | null): string | null {
  if (text === null || text.length > quote.length * 1.5 + 40) return null;
  return isSupported(text, { source: quote, allowed: [turn.speaker] }) ? text : null;
}

/** “Ines: we moved to Porto in May”: what was said, and by whom. */
function attributed({ turn, quote }: StatementRun): string {
  const words = quote.replaceAll(/\s+/gu, ' ').trim();
  return languageOf(quote) === 'zh' ? `${turn.speaker}：${words}` : `${turn.speaker}: ${words}`;
}

/** What has begun and goes on, rather than what happened once. */
const LASTING_SIGNALS = ['lives', 'works', 'usedTo', 'habit'] as const;

/** Only where the words name one time, and name it clearly. */
function validity(
  { sentences }: StatementRun,
  times: readonly ResolvedTime[],
): Pick<DistilledFact, 'validFrom' | 'validTo'> {
  const [only, ...more] = times.filter(({ certain }) => certain);
  if (!only || more.length > 0) return { validFrom: null, validTo: null };
  const goesOn = LASTING_SIGNALS.some((name) => sentences.some(({ signals }) => signals.has(name)));
  return { validFrom: only.start, validTo: goesOn ? null : only.end };
}

function dueTime(times: readonly ResolvedTime[], saidAt: number): DistilledFact['due'] {
  for (const { certain, start, precision } of times) {
    if (!certain || start <= saidAt) continue;
    if (precision === 'minute' || precision === 'hour' || precision === 'day') return { at: start, precision };
  }
  return null;
}
