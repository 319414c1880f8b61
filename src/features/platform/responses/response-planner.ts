import type { z } from 'zod';
import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { compactedSchema } from '../../../../contract/openai/response-object.ts';
import type { CompactRequest, InputTokensRequest, ResponseRequest } from '../../../../contract/openai/responses.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { namesOfCustom } from '../chat/custom-tools.ts';
import { toCall } from '../chat/to-call.ts';
import { unsupported } from '../chat/unsupported.ts';
import { blankResponse } from './blank-response.ts';
import { threadOf, wordsOfInput } from './character-thread.ts';
import { checkResponseRequest } from './check-response-request.ts';
import { Compactor, sinceCompaction, type Compacted } from './compactor.ts';
import { toStoredItems } from './input-items.ts';
import { newestThatFit } from './newest-that-fit.ts';
import type { TellingWishes } from './response-composer.ts';
import { readHistory } from './response-history.ts';
import type { MakingContext, ResponsePlan } from './response-making.ts';
import { toChatRequest } from './to-chat-request.ts';

/** Kept free for an answer that has no limit. */
const ANSWER_TOKENS = 1024;
/** Of what a model sees, the share from which on a talk is compacted where its caller names no number. */
const COMPACT_FROM = 0.8;

export interface ResponseCall {
  actor: Actor;
  request: ResponseRequest;
  requestId: string;
  /** By which the caller knows the same request again; null = by nothing. */
  idempotencyKey: string | null;
  /** Fires when the caller leaves; a response in the background goes on. */
  signal: AbortSignal;
}

export type CompactCall = Omit<ResponseCall, 'request' | 'idempotencyKey'> & { request: CompactRequest };
export type CompactedWindow = z.infer<typeof compactedSchema>;

interface SaidItems {
  before: readonly StoredItem[];
  input: readonly StoredItem[];
}

/** Understands requests for responses: what was said before, what fits, what is asked of which model. */
export class ResponsePlanner {
  readonly #context: MakingContext;
  readonly #compactor: Compactor;

  constructor(context: MakingContext) {
    this.#context = context;
    this.#compactor = new Compactor(context);
  }

  async plan(call: ResponseCall): Promise<ResponsePlan> {
    const { actor, request, requestId, idempotencyKey, signal } = call;
    checkResponseRequest(request);
    // In the background nobody waits to be told that there is no such model.
    if (request.background === true) {
      await this.#context.counts.measure({ actor, model: request.model, texts: [], signal });
    }
    const { storage, clock, newId } = this.#context;
    const history = await readHistory(storage.db, actor.userId, request);
    const input = toStoredItems(request.input, { newId, ownerId: actor.userId });
    const thread = threadOf(request, { history, input });
    // What a character and the person said before stands in the house's own conversation.
    const said = { before: thread === null ? sinceCompaction(history.items) : [], input };
    const compaction = thread === null ? await this.#compacted(call, said) : null;
    const seen = compaction ? afterCompaction(said, compaction) : await this.#fitting(call, said);
    const opened = this.#opened(seen, actor);
    const asked = toChatRequest(request, {
      before: opened.before,
      input: thread === null ? opened.input : wordsOfInput(opened.input),
      mayBeSilent: (thread?.results.length ?? 0) > 0,
    });
    const messages = await this.#context.hearing.inPlace({ ...call, model: request.model, messages: asked.messages });
    const chat = { ...asked, messages };
    const id = `resp_${newId().replaceAll('-', '')}`;
    const conversationId = history.conversation?.id ?? null;
    const response = blankResponse(request, { id, now: clock.now(), conversationId });
    return {
      actor,
      requestId,
      idempotencyKey,
      history,
      input,
      chat,
      call: toCall(chat),
      thread,
      compaction,
      wishes: this.#wishesOf(call, namesOfCustom(chat.tools)),
      moderation: request.moderation ?? null,
      response,
      replayed: request.stream === true,
    };
  }

  /** The same as a call of a model. */
  async callOf({ actor, request }: { actor: Actor; request: InputTokensRequest }) {
    if (request['personality'] !== undefined && request['personality'] !== null) {
      throw unsupported('personality', 'Models here have no styles of their own: say in “instructions” how to answer.');
    }
    const { storage, newId } = this.#context;
    const { items } = await readHistory(storage.db, actor.userId, request);
    const input = toStoredItems(request.input, { newId, ownerId: actor.userId });
    return toCall(toChatRequest(request, this.#opened({ before: sinceCompaction(items), input }, actor)));
  }

  async compact({ actor, request, requestId, signal }: CompactCall): Promise<CompactedWindow> {
    const { storage, clock, newId, counts } = this.#context;
    if ((await counts.measure({ actor, model: request.model, texts: [], signal })) === null) {
      throw unsupported('model', 'A character remembers by itself: its talks need no compacting.');
    }
    const { items: before } = await readHistory(storage.db, actor.userId, request);
    const input = toStoredItems(request.input, { newId, ownerId: actor.userId });
    const items = sinceCompaction([...before, ...input]);
    if (items.length === 0) {
      throw new InvalidInputError('Send what is to be compacted, in “input” or by “previous_response_id”.', {
        code: 'missing-input',
        field: 'input',
      });
    }
    const { item, usage } = await this.#compactor.compact({ actor, model: request.model, items, requestId, signal });
    const kept = items.filter(({ type, role }) => type === 'message' && role === 'user');
    return {
      id: `resp_${newId().replaceAll('-', '')}`,
      object: 'response.compaction',
      created_at: Math.floor(clock.now() / 1000),
      output: [...kept, { ...item }] as CompactedWindow['output'],
      usage,
    };
  }

  /** Where it was asked for and the talk has grown long enough; null otherwise. */
  async #compacted(
    { actor, request, requestId, signal }: ResponseCall,
    { before, input }: SaidItems,
  ): Promise<Compacted | null> {
    const wish = request.context_management?.[0];
    const items = sinceCompaction([...before, ...input]);
    // The newest turn alone is not compacted: it is what is to be answered.
    if (!wish || turnOf(items).length === items.length) return null;
    const texts = [...items.map((item) => JSON.stringify(item)), request.instructions ?? ''];
    const measured = await this.#context.counts.measure({ actor, model: request.model, texts, signal });
    if (measured === null) return null;
    const tokens = measured.counts.reduce((sum, count) => sum + count, 0);
    if (tokens < (wish.compact_threshold ?? measured.contextLength * COMPACT_FROM)) return null;
    return this.#compactor.compact({ actor, model: request.model, items, requestId, signal });
  }

  /** With `truncation: "auto"`, as much of what was said before as the model sees beside the rest. */
  async #fitting({ actor, request, signal }: ResponseCall, { before, input }: SaidItems): Promise<SaidItems> {
    if (request.truncation !== 'auto' || before.length === 0) return { before, input };
    const always = [request.instructions ?? '', JSON.stringify(request.tools ?? []), JSON.stringify(input)];
    const texts = [...before.map((item) => JSON.stringify(item)), ...always];
    const measured = await this.#context.counts.measure({ actor, model: request.model, texts, signal });
    if (measured === null) return { before, input };
    const { contextLength, counts } = measured;
    const taken = counts.slice(before.length).reduce((sum, count) => sum + count, 0);
    const answer = Math.min(request.max_output_tokens ?? ANSWER_TOKENS, Math.floor(contextLength / 4));
    return { before: newestThatFit(before, { counts, room: contextLength - taken - answer }), input };
  }

  #opened({ before, input }: SaidItems, { userId }: Actor): SaidItems {
    const open = (item: StoredItem) => this.#compactor.opened(item, userId);
    const newest = input.findLastIndex(({ type }) => type === 'compaction');
    // What a summary in the request stands for is not said twice; places in the request stay as they were sent.
    return newest === -1
      ? { before: before.map(open), input: input.map(open) }
      : {
          before: [],
          input: input.map((item, index) => (index < newest ? { id: item.id, type: 'passed' } : open(item))),
        };
  }

  #wishesOf({ actor, request }: ResponseCall, custom: ReadonlySet<string>): TellingWishes {
    const { reasoning, include, stream_options: streaming, top_logprobs: top } = request;
    const included = new Set(include ?? []);
    const { sealed } = this.#context;
    return {
      summary: reasoning?.summary ?? reasoning?.generate_summary ?? null,
      noisy: streaming?.include_obfuscation === true,
      logprobs: (top ?? 0) > 0 || included.has('message.output_text.logprobs'),
      custom,
      seal: included.has('reasoning.encrypted_content')
        ? (text) => sealed.seal(text, { kind: 'thought', ownerId: actor.userId })
        : null,
    };
  }
}

/** A summary of all, and the turn that is to be answered in its own words. */
function afterCompaction({ before, input }: SaidItems, { item }: Compacted): SaidItems {
  return { before: [{ ...item }, ...turnOf([...before, ...input])], input: [] };
}

/** From the last words of the person on. */
function turnOf(items: readonly StoredItem[]): StoredItem[] {
  const turn = items.findLastIndex(({ type, role }) => type === 'message' && role === 'user');
  return items.slice(Math.max(0, turn));
}
