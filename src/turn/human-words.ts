import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { z } from 'zod';
import type { Locale } from '../../contract/common.ts';
import { AbortedError, InvalidInputError, UnavailableError } from '../base/errors.ts';
import type { ParticipantRecord } from '../conversation/participant-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../conversation/tree-types.ts';
import type { OnAccount } from '../models/billing/bill.ts';
import { personally } from '../models/billing/payers.ts';
import type { ModelDirectory } from '../models/routing/model-directory.ts';
import type { EngineOptions, ModelFacts, ModelHandle } from '../models/spec/model-handle.ts';
import type { Db } from '../storage/storage.ts';
import type { HistoryWindow } from './history-window.ts';
import { humanWordsPrompt } from './human-words-prompt.ts';
import { OtherVoicesFilter } from './other-voices-filter.ts';
import { OwnNameFilter } from './own-name-filter.ts';
import { isOwn, roomView, type RoomView } from './room-view.ts';
import { asSaidBy, eventWords, namePrefix } from './room-words.ts';
import type { TokenCounts } from './token-counts.ts';

/** Words in the place of a person, who may know only what they heard. */
export interface HumanTurnRequest {
  conversation: ConversationRecord;
  /** Whose words they are. */
  seat: ParticipantRecord;
  participants: readonly ParticipantRecord[];
  locale: Locale;
  /** What the person is called here, and says of themselves; empty for nothing. */
  name: string;
  persona: string;
  /** What they have begun to write, or want to be said; empty for nothing. */
  draft: string;
  signal: AbortSignal;
}

/** Tokens of the talk that are read: it is read anew each time, and what was said last says most. */
const TALK_TOKENS = 1500;
const ANSWER_TOKENS = { impersonate: 220, suggest: 200 } as const;
/** Tokens a provider's model may think before it answers; they count as output there. */
const THINKING_TOKENS = 3000;
/** Providers refuse more stops. */
const MOST_STOPS = 4;
const SUGGESTIONS = 3;
const SUGGESTION_LENGTH = 300;

const schema = {
  type: 'object',
  properties: {
    suggestions: { type: 'array', items: { type: 'string' }, minItems: SUGGESTIONS, maxItems: SUGGESTIONS },
  },
  required: ['suggestions'],
  additionalProperties: false,
} as const;
const answerSchema = z.object({ suggestions: z.array(z.string()) });

interface Writing {
  db: Db;
  directory: ModelDirectory;
  counts: TokenCounts;
  history: HistoryWindow;
}

/** Writes in the place of a person, without touching the tree. */
export class HumanWords {
  readonly #writing: Writing;

  constructor(writing: Writing) {
    this.#writing = writing;
  }

  /** The person's next message as it comes. Throws what the model throws. */
  async *impersonate(request: HumanTurnRequest): AsyncGenerator<string> {
    const { name, draft, locale } = request;
    const words = humanWordsPrompt(locale);
    const asked = draft.trim() === '' ? words.impersonate(name) : words.fromDraft(name, draft.trim());
    const { model, call, others } = await this.#prepare(request, { asked, outputTokens: ANSWER_TOKENS.impersonate });
    const stops = others.flatMap((other) => [`\n${other}:`, `\n${other}\uff1a`]);
    const own = new OwnNameFilter([name]);
    const filter = new OtherVoicesFilter(others, { own, begun: false });
    const limited = model.place === 'provider' ? stops.slice(0, MOST_STOPS) : stops;
    for await (const delta of read(model, { ...call, stopSequences: limited })) {
      const text = filter.push(delta);
      if (text !== '') yield text;
      if (filter.isOver) return;
    }
    const held = filter.end();
    if (held !== '') yield held;
  }

  /** At most three short things to say. Throws what the model throws, `no-suggestions` where it said nothing of use. */
  async suggest(request: HumanTurnRequest): Promise<string[]> {
    const asked = humanWordsPrompt(request.locale).suggest(request.name);
    const { model, call } = await this.#prepare(request, { asked, outputTokens: ANSWER_TOKENS.suggest });
    const held = { ...call, responseFormat: { type: 'json' as const, schema } };
    let answer: string;
    try {
      answer = await readAll(model, held);
    } catch (error) {
      if (!refusesFormat(error)) throw error;
      answer = await readAll(model, call);
    }
    const suggestions = parseSuggestions(answer, request.name);
    if (suggestions.length === 0) {
      throw new UnavailableError('The model found nothing to suggest. Try again.', { code: 'no-suggestions' });
    }
    return suggestions;
  }

  async #prepare(
    request: HumanTurnRequest,
    { asked, outputTokens }: { asked: string; outputTokens: number },
  ): Promise<{ model: ModelHandle; call: LanguageModelV4CallOptions; others: string[] }> {
    const { conversation, participants, seat, name, persona, locale, signal } = request;
    const model = await this.#writing.directory.resolve(conversation.model, signal);
    const words = humanWordsPrompt(locale);
    const others = [...new Set(participants.filter(({ id }) => id !== seat.id).map((other) => other.name))].filter(
      (other) => other !== '' && other !== name,
    );
    const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(others);
    const about = persona.trim() === '' ? '' : `\n\n${words.persona(name)}\n${persona.trim()}`;
    const system = `${words.frame(name, list || words.defaultOthers)}${about}`;
    const talk = await this.#talk(request, { model, taken: `${system}\n${asked}`, outputTokens });
    const user = `${words.talk}\n${talk.join('\n') || words.nothing}\n\n${asked}`;
    const isThinking = model.place === 'provider';
    const engine: EngineOptions = { stableMessages: 1, keepState: false, sampling: { ...model.sampling } };
    const { temperature, topP } = model.sampling;
    const call: LanguageModelV4CallOptions = {
      prompt: [
        { role: 'system', content: system },
        { role: 'user', content: [{ type: 'text', text: user }] },
      ],
      maxOutputTokens: outputTokens + (isThinking ? THINKING_TOKENS : 0),
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { topP }),
      abortSignal: signal,
      providerOptions: { everwith: { ...engine } as unknown as Record<string, never> },
    };
    return { model: model.billed({ account: accountOf(request) }), call, others };
  }

  /** The newest lines of what the person heard, each behind its speaker's name. */
  async #talk(
    request: HumanTurnRequest,
    { model, taken, outputTokens }: { model: ModelFacts; taken: string; outputTokens: number },
  ): Promise<string[]> {
    const { conversation, seat, signal } = request;
    const { counts, history, db } = this.#writing;
    const counted = await counts.count(model, [{ key: taken, text: taken }], signal);
    const left = model.contextLength - outputTokens - (counted.counts[0] ?? 0) - 64;
    const view = roomView(seat, 'own');
    const read = await history.read({
      db,
      conversationId: conversation.id,
      endId: conversation.leafId,
      model,
      room: Math.max(0, Math.min(TALK_TOKENS, left)),
      view,
      textOf: (node) => lineOf(node, { request, view }),
      signal,
    });
    return read.messages.map(({ text }) => text);
  }
}

function lineOf(
  node: MessageNode,
  { request: { name, participants, locale }, view }: { request: HumanTurnRequest; view: RoomView },
): string {
  const words = textOf(node.parts).trim();
  if (words === '') return eventWords(node, locale);
  if (isOwn(view, node)) return `${name}: ${words}`;
  const said = asSaidBy(node, words).replaceAll(/\{\{user\}\}|<USER>/giu, () => name);
  return `${namePrefix(node, { view, participants, locale })}${said}`;
}

/** Whoever wants the words pays for them. */
function accountOf({ seat, conversation: { id, ownerId } }: HumanTurnRequest): OnAccount {
  return { payer: personally(seat.subjectId || ownerId), purpose: 'writing', conversationId: id };
}

async function* read(model: ModelHandle, call: LanguageModelV4CallOptions): AsyncGenerator<string> {
  const { stream } = await model.languageModel.doStream(call);
  for await (const part of stream) {
    if (part.type === 'text-delta') yield part.delta;
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'finish') return;
  }
  if (call.abortSignal?.aborted) throw new AbortedError();
  throw new UnavailableError('The model broke off in the middle of its answer.', { code: 'model-cut-off' });
}

async function readAll(model: ModelHandle, call: LanguageModelV4CallOptions): Promise<string> {
  let text = '';
  for await (const delta of read(model, call)) text += delta;
  return text;
}

/** True where a provider's server does not know the answer format asked for. */
function refusesFormat(error: unknown): boolean {
  return error instanceof InvalidInputError && ['provider-refused', 'unsupported-json-schema'].includes(error.code);
}

/** JSON as asked for, also inside other words; else each line is one, without its number or bullet. */
function parseSuggestions(answer: string, name: string): string[] {
  const found =
    suggestionsIn(answer) ?? answer.split('\n').map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)、])\s*/u, ''));
  const tidy = found.map((text) => {
    const line = text.replaceAll(/\s+/gu, ' ').trim();
    const named = [`${name}:`, `${name}\uff1a`].find((prefix) => line.startsWith(prefix));
    return (named === undefined ? line : line.slice(named.length)).trim();
  });
  return [...new Set(tidy)].filter((text) => text !== '' && text.length <= SUGGESTION_LENGTH).slice(0, SUGGESTIONS);
}

function suggestionsIn(answer: string): string[] | null {
  const from = answer.indexOf('{');
  const to = answer.lastIndexOf('}');
  if (from === -1 || to <= from) return null;
  try {
    return answerSchema.parse(JSON.parse(answer.slice(from, to + 1))).suggestions;
  } catch {
    return null;
  }
}
