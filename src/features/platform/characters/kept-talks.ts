import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { cleanText } from '../../../../contract/common.ts';
import { MESSAGE_TEXT_LIMIT } from '../../../../contract/messages.ts';
import type { Clock } from '../../../base/clock.ts';
import { AbortedError, AppError, InvalidInputError, UnavailableError, isAbort } from '../../../base/errors.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { Meter, MeteredCall } from '../../../metering/meter.ts';
import type { Generation, GenerationRequest } from '../generations.ts';
import { payerOf } from '../platform-caller.ts';
import type { CharacterHouse, SpokenPart } from './character-house.ts';
import type { CharacterModels } from './character-models.ts';
import { talkOfPrompt } from './talk-of-prompt.ts';

/** Tokens set aside for the prompt of a character, which is made once the reply begins, and for the first of an answer. */
const EXPECTED_PROMPT_TOKENS = 2000;
const FIRST_SLICE_TOKENS = 512;

export interface KeptTalkRequest extends GenerationRequest {
  /** The house's conversation; null = a new one. */
  conversationId: string | null;
  /** The reply it follows; null = the end of what was said. */
  afterId: string | null;
  /** Ids that make a repeated request the same one: of a conversation that has to be begun, and of what is said. */
  beginId: string;
  sayId: string;
}

/** A reply in a conversation of the house. */
export interface KeptReply extends Generation {
  conversationId: string;
  messageId: string;
  /** What the character said first, where the conversation was begun for this. */
  greeting: string | null;
}

/** Talks with characters that the house keeps: tree, memory and receipts as in the app, paid for by the caller. */
export class KeptTalks {
  readonly #options: { house: CharacterHouse; characters: CharacterModels; meter: Meter; clock: Clock };

  constructor(options: { house: CharacterHouse; characters: CharacterModels; meter: Meter; clock: Clock }) {
    this.#options = options;
  }

  /** Resolves when the money is set aside, the message is kept and the reply has begun. */
  async start(request: KeptTalkRequest): Promise<KeptReply> {
    const { house, characters, meter, clock } = this.#options;
    const { actor, model, call, requestId, signal } = request;
    const { id: characterId, versionId } = await characters.require(actor, model);
    if (versionId !== undefined) {
      throw new InvalidInputError(
        'A talk that is kept goes by the newest version of its character: leave “@…” out, or set store to false.',
        { code: 'unsupported', field: 'model' },
      );
    }
    const { said, note } = talkOfPrompt(call.prompt);
    const text = wordsOf(said.map((one) => one.text));
    const ref = await house.modelRef(actor, request.conversationId, signal);
    const startedAt = clock.monotonic();
    const outputTokens = call.maxOutputTokens ?? FIRST_SLICE_TOKENS;
    const metered = await meter.begin({
      payer: payerOf(actor),
      door: 'api',
      kind: 'text',
      model,
      refs: [ref],
      estimate: { ...NO_USAGE, inputTokens: EXPECTED_PROMPT_TOKENS, outputTokens },
      characterId,
      // Of a talk that begins nothing is kept before there is money for it.
      conversationId: request.conversationId,
      requestId,
    });
    const { prompt: _said, tools: _tools, toolChoice: _choice, providerOptions: _own, ...wishes } = call;
    const both = AbortSignal.any([signal, metered.signal]);
    try {
      const begun =
        request.conversationId === null
          ? await house.begin(actor, { characterId, clientId: request.beginId })
          : { conversationId: request.conversationId, greeting: null };
      const { conversationId } = begun;
      const order = { conversationId, afterId: request.afterId, text, clientId: request.sayId, signal: both };
      const { messageId, parts } = await house.say(actor, { ...order, commission: { note, wishes } });
      const run = { parts, metered, ref, clock, startedAt, signal: both };
      return {
        ...begun,
        callId: metered.id,
        model,
        ref,
        inputTokens: EXPECTED_PROMPT_TOKENS,
        messageId,
        parts: meterReply(run),
      };
    } catch (error) {
      const errorCode = error instanceof AppError ? error.code : null;
      await metered.void({ outcome: isAbort(error) ? 'stopped' : 'failed', errorCode });
      throw error;
    }
  }
}

/** Throws `InvalidInputError` where a conversation cannot hold them. */
function wordsOf(texts: readonly string[]): string {
  const words = cleanText(texts.join('\n\n')).trim();
  if (words !== '' && words.length <= MESSAGE_TEXT_LIMIT) return words;
  throw new InvalidInputError(
    words === ''
      ? 'Say something to the character, in “input”.'
      : `A character is told at most ${MESSAGE_TEXT_LIMIT} characters at once.`,
    { field: 'input' },
  );
}

interface MeteredReply {
  parts: AsyncIterable<SpokenPart>;
  metered: MeteredCall;
  ref: string;
  clock: Clock;
  startedAt: number;
  signal: AbortSignal;
}

type End = Extract<SpokenPart, { type: 'end' }>;

async function* meterReply(reply: MeteredReply): AsyncGenerator<LanguageModelV4StreamPart> {
  const { parts, metered, clock, startedAt, signal } = reply;
  let deltas = 0;
  let firstTokenInMs: number | null = null;
  let end: End | null = null;
  try {
    for await (const part of parts) {
      if (part.type === 'end') {
        end = part;
        break;
      }
      deltas += 1;
      firstTokenInMs ??= clock.monotonic() - startedAt;
      await metered.progress({ ...NO_USAGE, inputTokens: EXPECTED_PROMPT_TOKENS, outputTokens: deltas });
      yield { type: part.type, id: 'reply', delta: part.text };
    }
    if (end === null) throw new UnavailableError('The reply broke off before its end.', { code: 'model-cut-off' });
    if (metered.signal.aborted) throw metered.signal.reason;
    if (signal.aborted) throw new AbortedError();
    const { state, failure } = end.message;
    if (state === 'failed' && failure)
      throw new UnavailableError(failure.message, { code: failure.code, retryable: failure.retryable });
    yield finishOf(end);
  } finally {
    await settle(reply, { end, deltas, firstTokenInMs });
  }
}

/** What was delivered is billed, also of a reply that was stopped. */
async function settle(
  { metered, ref, clock, startedAt }: MeteredReply,
  { end, deltas, firstTokenInMs }: { end: End | null; deltas: number; firstTokenInMs: number | null },
): Promise<void> {
  const times = { firstTokenInMs, durationInMs: clock.monotonic() - startedAt };
  const state = end?.message.state ?? 'stopped';
  const outcome = state === 'done' || state === 'failed' ? state : 'stopped';
  const errorCode = end?.message.failure?.code ?? null;
  const receipt = end?.receipt ?? null;
  if (outcome === 'failed' && deltas === 0) {
    await metered.void({ outcome, errorCode, ...times });
    return;
  }
  const usage = {
    ...NO_USAGE,
    inputTokens: receipt?.tokens.prompt ?? 0,
    cachedInputTokens: receipt?.tokens.reused ?? 0,
    outputTokens: receipt?.tokens.output ?? deltas,
  };
  const usageSource = receipt === null ? 'estimate' : receipt.tokens.exact ? 'tokenizer' : 'provider';
  await metered.settle({ ref: receipt?.model.ref ?? ref, usage, usageSource, outcome, errorCode, ...times });
}

function finishOf({ receipt }: End): LanguageModelV4StreamPart {
  const raw = receipt?.finishReason;
  const tokens = receipt?.tokens;
  return {
    type: 'finish',
    finishReason: { unified: raw === 'length' || raw === 'content-filter' ? raw : 'stop', raw },
    usage: {
      inputTokens: {
        total: tokens?.prompt ?? 0,
        noCache: undefined,
        cacheRead: tokens?.reused ?? undefined,
        cacheWrite: undefined,
      },
      outputTokens: { total: tokens?.output ?? 0, text: undefined, reasoning: undefined },
    },
  };
}
