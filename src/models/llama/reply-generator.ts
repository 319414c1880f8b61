import {
  LlamaGrammarEvaluationState,
  type Llama,
  type LlamaContextSequence,
  type LlamaGrammar,
  type LlamaModel,
} from 'node-llama-cpp';
import { AbortedError, InvalidInputError } from '../../base/errors.ts';
import type { TokenProbability } from '../spec/model-handle.ts';
import { answerGrammar, onlyCallGrammar } from './arguments-grammar.ts';
import { CallHold } from './call-hold.ts';
import type { RenderedPrompt } from './chat-renderer.ts';
import { isEndless } from './endless.ts';
import type { GenerateEvent, GenerateRequest, GenerateResult } from './engine-protocol.ts';
import { StopFilter, ThoughtSplitter, TokenText, type ReplyPiece } from './reply-text.ts';
import { sampleTokens, tellProbability } from './sample-tokens.ts';
import { samplerOptions } from './sampler-options.ts';
import { asTokens } from './sequence-state.ts';
import { isWholeJson } from './whole-json.ts';

export interface GenerateReplyOptions {
  model: LlamaModel;
  llama: Llama;
  /** Holds all of the prompt but its last tokens. */
  sequence: LlamaContextSequence;
  prompt: RenderedPrompt;
  request: GenerateRequest;
  thoughtMarks: { open: string; close: string } | null;
  signal: AbortSignal;
  onPromptRead: () => void;
  /** After each token but the first: how long its pass took. */
  onToken: (durationInMs: number) => void;
  emit: (event: GenerateEvent) => void;
}

export interface GeneratedReply {
  finish: GenerateResult['finish'];
  /** Sampled tokens, without the one that ended the reply. */
  tokens: number[];
  /** The text of exactly these tokens; empty when something was cut off, so that they are not the same text. */
  wholeText: string;
  /** What was shown as text. */
  spoken: string;
  reasoningTokens: number;
  firstTokenAt: number;
  endedAt: number;
}

/** Samples a reply token by token until the model, a limit, a stop sequence or the caller ends it. */
export async function generateReply(options: GenerateReplyOptions): Promise<GeneratedReply> {
  const { model, sequence, prompt, request, signal } = options;
  const tail = prompt.tokens.slice(sequence.nextTokenIndex);
  const text = new ReplyText(options);
  const tokens: number[] = [];
  const recent = penalised(model, prompt.tokens, tokens);
  const answer = await grammarState(options);
  const calls = new CallHold({ ...options, tools: answer ? [] : request.tools });
  const limit = request.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  let finish: GenerateResult['finish'] = 'stop';
  let firstTokenAt = 0;
  let passStart = 0;
  if (signal.aborted) throw new AbortedError();
  const sampled = sampleTokens(sequence, {
    tail,
    topLogprobs: request.topLogprobs,
    options: {
      ...samplerOptions(request.sampling, request.seed, recent),
      grammarEvaluationState: () => answer ?? calls.state,
    },
  });
  for await (const { token, probabilities } of sampled) {
    if (firstTokenAt === 0) {
      firstTokenAt = performance.now();
      options.onPromptRead();
    } else options.onToken(performance.now() - passStart);
    if (signal.aborted) throw new AbortedError();
    if (prompt.stopTokens.has(token)) break;
    tokens.push(token);
    await calls.push(text.push(token, probabilities && tellProbability(model, { token, probabilities, request })));
    if (text.stopped) {
      finish = 'stop-sequence';
      break;
    }
    // The library's grammars allow empty lines behind it, and small models write them without end.
    if (request.jsonSchema !== null && isWholeJson(text.shown)) break;
    if (tokens.length >= limit || isEndless(tokens)) {
      finish = 'length';
      break;
    }
    // One more would make the library drop the beginning of the conversation.
    if (sequence.nextTokenIndex >= sequence.contextSize - 2) {
      finish = 'context-full';
      break;
    }
    passStart = performance.now();
  }
  text.end();
  const endedAt = performance.now();
  return {
    finish,
    tokens,
    wholeText: finish === 'stop' && text.reasoningTokens === 0 ? text.shown : '',
    spoken: text.shown,
    reasoningTokens: text.reasoningTokens,
    firstTokenAt: firstTokenAt === 0 ? endedAt : firstTokenAt,
    endedAt,
  };
}

/** From tokens to events: whole characters, no stop sequence, thoughts apart. */
class ReplyText {
  readonly #tokens: TokenText;
  readonly #filter: StopFilter;
  readonly #splitter: ThoughtSplitter | null;
  readonly #emit: (event: GenerateEvent) => void;
  /** Of tokens whose text has not been shown yet. */
  readonly #probabilities: TokenProbability[] = [];
  shown = '';
  reasoningTokens = 0;

  constructor({ model, prompt, request, thoughtMarks, emit }: GenerateReplyOptions) {
    this.#tokens = new TokenText(
      (tokens, before) => model.detokenize(asTokens(tokens), false, asTokens(before)),
      prompt.tokens,
    );
    this.#filter = new StopFilter([...request.stopSequences, ...prompt.stopTexts]);
    this.#splitter = thoughtMarks ? new ThoughtSplitter(thoughtMarks.open, thoughtMarks.close) : null;
    this.#emit = emit;
  }

  get stopped(): boolean {
    return this.#filter.stopped;
  }

  /** Returns what the token says, as the model said it. */
  push(token: number, probability: TokenProbability | null): string {
    if (probability) this.#probabilities.push(probability);
    const said = this.#tokens.push(token);
    const pieces = this.#split(this.#filter.push(said));
    if (pieces.some((piece) => piece.type === 'reasoning')) this.reasoningTokens += 1;
    this.#show(pieces);
    return said;
  }

  end(): void {
    if (!this.stopped) this.#show(this.#split(this.#filter.push(this.#tokens.flush()) + this.#filter.flush()));
    if (this.#splitter) this.#show(this.#splitter.flush());
  }

  #split(text: string): ReplyPiece[] {
    if (this.#splitter) return this.#splitter.push(text);
    return text === '' ? [] : [{ type: 'text', text }];
  }

  #show(pieces: ReplyPiece[]): void {
    for (const piece of pieces) {
      // Of thoughts nobody is told; what a stop sequence was made of is never shown.
      const logprobs = this.#probabilities.splice(0);
      if (piece.type === 'text') this.shown += piece.text;
      this.#emit(piece.type === 'text' && logprobs.length > 0 ? { ...piece, logprobs } : piece);
    }
  }
}

/** The last tokens before the next one, without template marks: a model must always be able to end its turn. */
function penalised(
  model: LlamaModel,
  prompt: readonly number[],
  reply: readonly number[],
): (count: number) => number[] {
  const isText = (token: number): boolean =>
    !model.isSpecialToken(asTokens([token])[0]) && !model.isEogToken(asTokens([token])[0]);
  return (count) => {
    const missing = count - reply.length;
    return missing > 0 ? [...prompt.slice(-missing).filter(isText), ...reply] : reply.slice(-count);
  };
}

async function grammarState({
  llama,
  model,
  request,
}: GenerateReplyOptions): Promise<LlamaGrammarEvaluationState | null> {
  if (request.mustCall.length > 0) {
    const wanted = request.tools.filter(({ name }) => request.mustCall.includes(name));
    const tools = wanted.map(({ name, schema }) => ({ name, schema: JSON.parse(schema) as unknown }));
    return new LlamaGrammarEvaluationState({
      model,
      grammar: await llama.createGrammar({ grammar: onlyCallGrammar(tools) }),
    });
  }
  if (request.jsonSchema === null) return null;
  try {
    const grammar = await grammarOfSchema(llama, request.jsonSchema);
    return new LlamaGrammarEvaluationState({ model, grammar });
  } catch (error) {
    throw new InvalidInputError('The JSON schema asked for cannot be turned into a grammar.', {
      code: 'unsupported-json-schema',
      cause: error,
    });
  }
}

/** Choices, references and patterns only our own grammar knows. */
function grammarOfSchema(llama: Llama, schema: string): Promise<LlamaGrammar> {
  if (schema === '{}') return llama.getGrammarFor('json');
  const parsed = JSON.parse(schema) as Parameters<Llama['createGrammarForJsonSchema']>[0];
  if (!/"(?:anyOf|allOf|\$ref|pattern|format)":/.test(schema)) return llama.createGrammarForJsonSchema(parsed);
  return llama.createGrammar({ grammar: answerGrammar(parsed) });
}
