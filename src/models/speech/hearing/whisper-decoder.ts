import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AbortedError } from '../../../base/errors.ts';
import type { WhisperTokens } from '../whisper/whisper-bundle.ts';

export type Tensors = Record<string, Tensor>;

export interface DecoderShape {
  layers: number;
  heads: number;
  /** Numbers of one head's key. */
  width: number;
  /** Tokens it can look at. */
  context: number;
}

export interface WrittenTokens {
  ids: number[];
  /** Mean of the natural logarithms of the chosen tokens' probabilities, the end's included. */
  confidence: number;
  /** Probability that nobody spoke. */
  noSpeech: number;
  language: string;
  /** It went round in circles; all but the first round is left out. */
  repeats: boolean;
}

export interface WriteOptions {
  /** Keys and values of what was heard. */
  heard: Tensors;
  /** As the model knows languages; null lets it choose. */
  language: string | null;
  /** Tokens of a text that is taken to stand before. */
  prompt: readonly number[];
  mostTokens: number;
  signal: AbortSignal;
}

/** A few tokens in front are the model's own: start, language, task, no timestamps. */
const OWN_TOKENS = 5;

/** What is written this often in a row is a circle; shorter rounds may be laughter or a stutter. */
const ROUNDS = 4;
const LONGEST_ROUND = 24;
const FEWEST_REPEATED = 8;

/** Writes what was heard, token by token, each time the likeliest. */
export class WhisperDecoder {
  readonly #session: InferenceSession;
  readonly #TensorClass: typeof Tensor;
  readonly #tokens: WhisperTokens;
  readonly #shape: DecoderShape;
  readonly #suppressed: ReadonlySet<number>;

  constructor(
    session: InferenceSession,
    { TensorClass, tokens, shape }: { TensorClass: typeof Tensor; tokens: WhisperTokens; shape: DecoderShape },
  ) {
    this.#session = session;
    this.#TensorClass = TensorClass;
    this.#tokens = tokens;
    this.#shape = shape;
    this.#suppressed = new Set([...tokens.suppressed, ...Object.values(tokens.languages), tokens.noTimestamps]);
  }

  async write({ heard, language, prompt, mostTokens, signal }: WriteOptions): Promise<WrittenTokens> {
    const tokens = this.#tokens;
    const beginning = prompt.length > 0 ? [tokens.previous, ...prompt, tokens.start] : [tokens.start];
    const most = Math.min(mostTokens, this.#shape.context - beginning.length - OWN_TOKENS);
    const state: DecoderState = { past: this.#emptyPast(), position: 0, heard };
    const opening = await this.#step(beginning, state, signal);
    const noSpeech = probability(opening, tokens.noSpeech);
    const spoken = language ?? this.#likeliestLanguage(opening);
    const languageToken = tokens.languages[spoken] ?? tokens.languages['en'] ?? tokens.start + 1;
    let logits = await this.#step([languageToken, tokens.transcribe, tokens.noTimestamps], state, signal);
    const ids: number[] = [];
    let sum = 0;
    for (;;) {
      const next = this.#likeliest(logits, ids.length === 0);
      sum += Math.log(probability(logits, next));
      if (next === tokens.end || ids.length >= most) break;
      ids.push(next);
      const round = findRound(ids);
      if (round > 0) {
        const kept = ids.slice(0, ids.length - (ROUNDS - 1) * round);
        return { ids: kept, confidence: sum / ids.length, noSpeech, language: spoken, repeats: true };
      }
      logits = await this.#step([next], state, signal);
    }
    return { ids, confidence: sum / (ids.length + 1), noSpeech, language: spoken, repeats: false };
  }

  async #step(ids: readonly number[], state: DecoderState, signal: AbortSignal): Promise<Float32Array> {
    if (signal.aborted) throw new AbortedError();
    const positions = ids.map((_, index) => BigInt(state.position + index));
    const output = await this.#session.run({
      ...state.heard,
      ...state.past,
      tokens: new this.#TensorClass('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
      positions: new this.#TensorClass('int64', BigInt64Array.from(positions), [ids.length]),
    });
    state.position += ids.length;
    state.past = Object.fromEntries(this.#names().map((name) => [`past_${name}`, output[name] as Tensor] as const));
    return output['logits']?.data as Float32Array;
  }

  #names(): string[] {
    return Array.from({ length: this.#shape.layers }, (_, layer) => [`key_${layer}`, `value_${layer}`]).flat();
  }

  #emptyPast(): Tensors {
    const { heads, width } = this.#shape;
    const empty = (): Tensor => new this.#TensorClass('float32', new Float32Array(0), [1, heads, 0, width]);
    return Object.fromEntries(this.#names().map((name) => [`past_${name}`, empty()]));
  }

  /** Text or the end, and nothing that is suppressed. */
  #likeliest(logits: Float32Array, first: boolean): number {
    const { end, suppressedFirst } = this.#tokens;
    let best = end;
    let most = first && suppressedFirst.includes(end) ? -Infinity : (logits[end] as number);
    for (let id = 0; id < end; id += 1) {
      const value = logits[id] as number;
      if (value <= most || this.#suppressed.has(id) || (first && suppressedFirst.includes(id))) continue;
      best = id;
      most = value;
    }
    return best;
  }

  #likeliestLanguage(logits: Float32Array): string {
    const languages = Object.entries(this.#tokens.languages);
    const [first = ['en', 0] as const] = languages;
    return languages.reduce(
      (best, next) => ((logits[next[1]] as number) > (logits[best[1]] as number) ? next : best),
      first,
    )[0];
  }
}

interface DecoderState {
  past: Tensors;
  position: number;
  heard: Tensors;
}

/** Softmax of one of them. */
function probability(logits: Float32Array, id: number): number {
  let largest = -Infinity;
  for (const value of logits) if (value > largest) largest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - largest);
  return Math.exp((logits[id] as number) - largest) / sum;
}

/** Tokens of what stands at the end `ROUNDS` times in a row; 0 where nothing does. */
function findRound(ids: readonly number[]): number {
  for (let length = Math.ceil(FEWEST_REPEATED / ROUNDS); length <= LONGEST_ROUND; length += 1) {
    const start = ids.length - ROUNDS * length;
    if (start < 0) return 0;
    if (ids.slice(start + length).every((id, index) => id === ids[start + index])) return length;
  }
  return 0;
}
