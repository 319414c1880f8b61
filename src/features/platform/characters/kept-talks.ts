import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { ATTACHMENTS_PER_MESSAGE } from '../../../../contract/attachments.ts';
import { cleanText } from '../../../../contract/common.ts';
import { MESSAGE_TEXT_LIMIT } from '../../../../contract/messages.ts';
import type { Clock } from '../../../base/clock.ts';
import { AbortedError, AppError, InvalidInputError, UnavailableError, isAbort } from '../../../base/errors.ts';
import { detectFile } from '../../../conversation/files/detect-file.ts';
import { NO_USAGE } from '../../../metering/cost.ts';
import type { Meter, MeteredCall } from '../../../metering/meter.ts';
import type { Generation, GenerationRequest } from '../generations.ts';
import { payerOf } from '../../../models/billing/payers.ts';
import type {
  AnsweringModel,
  CallResult,
  CharacterHouse,
  SentFile,
  SpokenOrder,
  SpokenPart,
} from './character-house.ts';
import { requireSight, type CharacterModels } from './character-models.ts';
import { talkOfPrompt } from './talk-of-prompt.ts';

/** Tokens set aside for the prompt of a character, which is made once the reply begins, and for the first of an answer. */
const EXPECTED_PROMPT_TOKENS = 2000;
const FIRST_SLICE_TOKENS = 512;

export interface KeptTalkRequest extends GenerationRequest {
  /** The house's conversation; null = a new one. */
  conversationId: string | null;
  /** The reply it follows; null = the end of what was said. */
  afterId: string | null;
  /** Of the calls that the reply made which it follows. */
  results: readonly CallResult[];
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
    const said = whatIsSaid(request);
    const answering = await house.answering(actor, request.conversationId, signal);
    requireAnswerable(request, { answering, versionId, said });
    await requireReadable(said.files);
    const { ref } = answering;
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
    const commission = commissionOf(request, said.note);
    const leaving = new AbortController();
    const both = AbortSignal.any([signal, metered.signal, leaving.signal]);
    try {
      const begun =
        request.conversationId === null
          ? await house.begin(actor, { characterId, versionId, clientId: request.beginId })
          : { conversationId: request.conversationId, greeting: null };
      const { conversationId } = begun;
      const { afterId, results, sayId: clientId } = request;
      const order = { conversationId, afterId, results, clientId, commission, signal: both };
      const { messageId, parts } = await house.say(actor, { ...order, text: said.text, files: said.files });
      const run = { parts, metered, ref, clock, startedAt, signal: both, leave: () => leaving.abort() };
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

interface Said {
  text: string;
  files: SentFile[];
  note: string;
}

/** Throws `InvalidInputError` where a conversation cannot hold it. */
function whatIsSaid({ call, results }: KeptTalkRequest): Said {
  const { said, note } = talkOfPrompt(call.prompt);
  const text = cleanText(said.map((one) => one.text).join('\n\n')).trim();
  const files = said.flatMap((one) => one.files);
  if (text === '' && files.length === 0 && results.length === 0) {
    throw new InvalidInputError('Say something to the character, in “input”.', { field: 'input' });
  }
  if (text.length > MESSAGE_TEXT_LIMIT) {
    throw new InvalidInputError(`A character is told at most ${MESSAGE_TEXT_LIMIT} characters at once.`, {
      field: 'input',
    });
  }
  if (files.length > ATTACHMENTS_PER_MESSAGE) {
    throw new InvalidInputError(`At most ${ATTACHMENTS_PER_MESSAGE} pictures and files go with one message.`, {
      field: 'input',
    });
  }
  return { text, files, note };
}

/** Throws `InvalidInputError` where whoever answers cannot do what is asked. */
function requireAnswerable(
  { call, conversationId }: KeptTalkRequest,
  { answering, versionId, said }: { answering: AnsweringModel; versionId: string | undefined; said: Said },
): void {
  const { label, seesPictures, tools } = answering;
  if (said.files.some(({ mediaType }) => mediaType.startsWith('image/'))) {
    requireSight({ modelLabel: label, seesPictures });
  }
  if ((call.tools?.length ?? 0) > 0 && !tools) {
    throw new InvalidInputError(`The model “${label}” cannot call tools: choose another one in the app.`, {
      code: 'unsupported',
      field: 'tools',
    });
  }
  if (conversationId !== null && versionId !== undefined && answering.versionId !== versionId) {
    throw new InvalidInputError(
      'This talk goes by another version of its character: name that one, leave “@…” out, or begin a new talk.',
      { code: 'version-pinned', field: 'model' },
    );
  }
}

/** Nothing is begun for a file that nobody can read. Throws `InvalidInputError`. */
async function requireReadable(files: readonly SentFile[]): Promise<void> {
  for (const { bytes, name } of files) {
    if ((await detectFile(bytes, name)).file) continue;
    throw new InvalidInputError(
      `“${name}” is nothing that can be shown to a character: send PNG, JPEG, WebP or GIF, or a text, PDF, EPUB or DOCX.`,
      { code: 'unreadable-file', field: 'input' },
    );
  }
}

function commissionOf({ call, oneToolCall = false }: KeptTalkRequest, note: string): SpokenOrder['commission'] {
  const { prompt: _said, tools = [], toolChoice, providerOptions: _own, ...wishes } = call;
  const offered = tools.filter((tool) => tool.type === 'function');
  if (offered.length === 0) return { note, wishes };
  return { note, wishes, tools: { offered, oneCall: oneToolCall, ...(toolChoice ? { toolChoice } : {}) } };
}

interface MeteredReply {
  parts: AsyncIterable<SpokenPart>;
  metered: MeteredCall;
  ref: string;
  clock: Clock;
  startedAt: number;
  signal: AbortSignal;
  /** Stops the reply; its end comes all the same. */
  leave: () => void;
}

type End = Extract<SpokenPart, { type: 'end' }>;

async function* meterReply(reply: MeteredReply): AsyncGenerator<LanguageModelV4StreamPart> {
  const { metered, clock, startedAt, signal, leave } = reply;
  const parts = reply.parts[Symbol.asyncIterator]();
  let deltas = 0;
  let firstTokenInMs: number | null = null;
  let end: End | null = null;
  let called = false;
  try {
    for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
      const part = next.value;
      if (part.type === 'end') {
        end = part;
        break;
      }
      deltas += 1;
      called ||= part.type === 'tool-call';
      firstTokenInMs ??= clock.monotonic() - startedAt;
      await metered.progress({ ...NO_USAGE, inputTokens: EXPECTED_PROMPT_TOKENS, outputTokens: deltas });
      yield* toModelParts(part);
    }
    if (end === null) throw new UnavailableError('The reply broke off before its end.', { code: 'model-cut-off' });
    if (metered.signal.aborted) throw metered.signal.reason;
    if (signal.aborted) throw new AbortedError();
    const { state, failure } = end.message;
    if (state === 'failed' && failure)
      throw new UnavailableError(failure.message, { code: failure.code, retryable: failure.retryable });
    yield finishOf(end, called);
  } finally {
    if (end === null) leave();
    end ??= await endOf(parts);
    await settle(reply, { end, deltas, firstTokenInMs });
    await parts.return?.();
  }
}

/** The end of a reply that was left: only it says what the prompt took. Null where it cannot be told. */
async function endOf(parts: AsyncIterator<SpokenPart>): Promise<End | null> {
  try {
    for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
      if (next.value.type === 'end') return next.value;
    }
  } catch {
    // The fault that ended the reply was told already, or nobody is there to hear of it.
  }
  return null;
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
  const counted = outcome === 'done' ? 'provider' : 'estimate';
  const usageSource = receipt?.tokens.exact ? 'tokenizer' : counted;
  await metered.settle({ ref: receipt?.model.ref ?? ref, usage, usageSource, outcome, errorCode, ...times });
}

function* toModelParts(part: Exclude<SpokenPart, End>): Generator<LanguageModelV4StreamPart> {
  if (part.type !== 'tool-call') {
    yield { type: part.type, id: 'reply', delta: part.text };
    return;
  }
  const { callId: id, name: toolName, input } = part;
  yield { type: 'tool-input-start', id, toolName };
  yield { type: 'tool-input-delta', id, delta: input };
  yield { type: 'tool-input-end', id };
  yield { type: 'tool-call', toolCallId: id, toolName, input };
}

function finishOf({ receipt }: End, called: boolean): LanguageModelV4StreamPart {
  const raw = called ? 'tool-calls' : receipt?.finishReason;
  const tokens = receipt?.tokens;
  return {
    type: 'finish',
    finishReason: { unified: raw === 'length' || raw === 'content-filter' || raw === 'tool-calls' ? raw : 'stop', raw },
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
