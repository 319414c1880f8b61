import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import { createHash } from 'node:crypto';
import type { Clock } from '../../../base/clock.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { CallResult } from '../characters/character-house.ts';
import type { KeptReply, KeptTalks } from '../characters/kept-talks.ts';
import type { AnswerSource, Generation, GenerationRequest } from '../generations.ts';
import { addToConversation } from './add-to-conversation.ts';
import { idOf, toStoredItem, toStoredItems, type Storing } from './input-items.ts';
import { readHistory } from './response-history.ts';

interface ConversationTalksOptions {
  storage: Storage;
  talks: KeptTalks;
  clock: Clock;
  newId: NewId;
}

/**
 * Characters that answer in a conversation of the API which a request names, whatever the shape of the request: what
 * stands behind the character's last words is said, and the rest is known to the house.
 */
export class ConversationTalks implements AnswerSource {
  readonly #options: ConversationTalksOptions;

  constructor(options: ConversationTalksOptions) {
    this.#options = options;
  }

  async start({ conversation, ...request }: GenerationRequest): Promise<Generation> {
    const { storage, talks } = this.#options;
    const { actor, call, requestId, idempotencyKey } = request;
    const { conversation: api, items } = await readHistory(storage.db, actor.userId, { conversation });
    if (!api) throw new Error('A conversation that is named was not read.');
    if (api.conversationId === null && items.length > 0) {
      throw new InvalidInputError(
        'What stands in this conversation was not said to a character: begin another with POST /v1/conversations.',
        { code: 'unsupported', field: 'conversation' },
      );
    }
    const { prompt, results } = newestWords(call.prompt);
    const reply = await talks.start({
      ...request,
      call: { ...call, prompt },
      conversationId: api.conversationId,
      afterId: null,
      results,
      beginId: api.id,
      sayId: idempotencyKey ? idOfKey(actor.userId, idempotencyKey) : requestId,
    });
    const storing = { newId: this.#options.newId, ownerId: actor.userId };
    const input = inputItems({ prompt, results }, storing);
    return { ...reply, parts: this.#kept(reply, { apiConversationId: api.id, ownerId: actor.userId, input }) };
  }

  /** The parts as they come; before the last is told, what was said stands in the conversation. */
  async *#kept(
    reply: KeptReply,
    { input, ...place }: { apiConversationId: string; ownerId: string; input: readonly StoredItem[] },
  ): AsyncGenerator<LanguageModelV4StreamPart> {
    const { storage, clock, newId } = this.#options;
    const { conversationId, greeting } = reply;
    const storing = { newId, ownerId: place.ownerId };
    let text = '';
    const calls: StoredItem[] = [];
    for await (const part of reply.parts) {
      if (part.type === 'text-delta') text += part.delta;
      if (part.type === 'tool-call') {
        const { toolCallId: call_id, toolName: name, input: arguments_ } = part;
        const call = { type: 'function_call', call_id, name, arguments: arguments_ } as const;
        calls.push(toStoredItem(call, { field: 'output', ...storing }));
      }
      if (part.type === 'finish') {
        const before = greeting === null ? [] : toStoredItems([{ role: 'assistant', content: greeting }], storing);
        const said = text === '' ? [] : toStoredItems([{ role: 'assistant', content: text }], storing);
        const items = [...before, ...input, ...said, ...calls];
        const added = { ...place, conversationId, items, newId, now: clock.now() };
        await storage.transaction((trx) => addToConversation(trx, added));
      }
      yield part;
    }
  }
}

/** What was asked with such a key is the same thing when it is asked again. */
export function idOfKey(userId: string, key: string): string {
  return `idem_${createHash('sha256').update(`${userId}\n${key}`).digest('hex')}`;
}

interface NewestWords {
  prompt: LanguageModelV4Message[];
  results: CallResult[];
}

/** What stands behind the last answer, and what the caller adds to the character anywhere. */
function newestWords(prompt: LanguageModelV4Prompt): NewestWords {
  const last = prompt.findLastIndex(({ role }) => role === 'assistant');
  const newest = prompt.slice(last + 1);
  const results = newest.flatMap((message) =>
    message.role === 'tool' ? message.content.flatMap((part) => (part.type === 'tool-result' ? [part] : [])) : [],
  );
  return {
    prompt: prompt.filter(({ role }, index) => role === 'system' || (role === 'user' && index > last)),
    results: results.map(({ toolCallId: callId, output }) => ({ callId, output: textOfOutput(output) })),
  };
}

function textOfOutput(output: { type: string; value?: unknown }): string {
  return typeof output.value === 'string' ? output.value : JSON.stringify(output.value ?? null);
}

function inputItems({ prompt, results }: NewestWords, storing: Storing): StoredItem[] {
  const outputs = results.map(({ callId, output }): StoredItem => {
    const type = 'function_call_output';
    return {
      id: idOf(type, storing.newId),
      type,
      status: 'completed',
      call_id: callId,
      output,
      created_by: storing.ownerId,
    };
  });
  const words = prompt.flatMap((message) =>
    message.role === 'user'
      ? toStoredItems([{ role: 'user', content: message.content.map((part) => contentOf(part)) }], storing)
      : [],
  );
  return [...outputs, ...words];
}

function contentOf(part: { type: 'text'; text: string } | LanguageModelV4FilePart) {
  if (part.type === 'text') return { type: 'input_text' as const, text: part.text };
  const { data, mediaType } = part;
  if (data.type !== 'data') throw new InvalidInputError('This house fetches no addresses.', { field: 'messages' });
  const base64 = typeof data.data === 'string' ? data.data : Buffer.from(data.data).toString('base64');
  const url = `data:${mediaType};base64,${base64}`;
  return mediaType.startsWith('image/')
    ? { type: 'input_image' as const, image_url: url, detail: 'auto' as const }
    : { type: 'input_file' as const, file_data: url, filename: part.filename ?? 'file' };
}
