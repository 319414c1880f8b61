import { personally } from '../../models/billing/payers.ts';
import type { Translation, TranslationLanguage, TranslationPart } from '../../../contract/translations.ts';
import { translationLanguageSchema } from '../../../contract/translations.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import {
  AbortedError,
  AppError,
  ConflictError,
  InvalidInputError,
  NotFoundError,
  UnavailableError,
  errorMessage,
  isAbort,
} from '../../base/errors.ts';
import { requireGuestHelp } from '../../conversation/guest-help.ts';
import { readRoom } from '../../conversation/read-room.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { listParticipants } from '../../conversation/participant-store.ts';
import { hears, isHost, type Seat } from '../../conversation/seat.ts';
import {
  listNewestTranslations,
  listTranslations,
  putTranslation,
  removeTranslation,
  type TranslationRecord,
} from '../../conversation/translation-store.ts';
import { textOf, type MessageNode } from '../../conversation/tree-types.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import type { Storage } from '../../storage/storage.ts';
import { piecesToTranslate, translationPrompt } from './translation-prompt.ts';

/** Translations of one conversation that a page shows at once. */
const MOST_SHOWN = 500;
/** Tokens of a piece's translation at most. */
const PIECE_TOKENS = 1500;
/** As close to the original as the model can. */
const SAMPLING = { temperature: 0.2 };

/** Who may read what; the chat satisfies it. */
export interface TranslationDoor {
  requireSeat(actor: Actor, id: string): Promise<Seat>;
  requireHeard(actor: Actor, messageId: string): Promise<Seat & { node: MessageNode }>;
}

export interface TranslationsContext {
  storage: Storage;
  clock: Clock;
  models: ModelDirectory;
  door: TranslationDoor;
}

/** Messages in other languages, for those who heard them. */
export class Translations {
  readonly #context: TranslationsContext;

  constructor(context: TranslationsContext) {
    this.#context = context;
  }

  /** The newest of a conversation, of messages that the reader heard. */
  async list(actor: Actor, conversationId: string): Promise<Translation[]> {
    const { db } = this.#context.storage;
    const { seat } = await this.#context.door.requireSeat(actor, conversationId);
    const kept = await listNewestTranslations(db, { conversationId, limit: MOST_SHOWN });
    const messages = await readMessages(
      db,
      kept.map(({ messageId }) => messageId),
    );
    const heard = new Set(messages.filter((node) => node.deletedAt === null && hears(seat, node)).map(({ id }) => id));
    return kept.filter(({ messageId }) => heard.has(messageId)).map(present);
  }

  /** Refuses what cannot be translated before the first part. */
  async begin(
    actor: Actor,
    messageId: string,
    request: { language: TranslationLanguage; again: boolean },
  ): Promise<(signal: AbortSignal) => AsyncGenerator<TranslationPart>> {
    const { node, conversation, seat } = await this.#context.door.requireHeard(actor, messageId);
    requireGuestHelp('reading', { isHost: isHost(seat), room: readRoom(conversation) });
    if (node.deletedAt !== null) throw new NotFoundError('There is no such message.');
    if (node.state === 'streaming') {
      throw new ConflictError('This reply is being written: translate it when it is done.', { code: 'reply-running' });
    }
    if (textOf(node.parts).trim() === '') {
      throw new InvalidInputError('There are no words in this message.', { code: 'nothing-to-translate' });
    }
    return (signal) => this.#run(actor, { node, model: conversation.model, ...request, signal });
  }

  async remove(actor: Actor, messageId: string, language: TranslationLanguage): Promise<void> {
    await this.#context.door.requireHeard(actor, messageId);
    const removed = await this.#context.storage.transaction((trx) => removeTranslation(trx, { messageId, language }));
    if (!removed) throw new NotFoundError('There is no such translation.');
  }

  /** Never throws: the last part says how it ended. */
  async *#run(actor: Actor, { node, model: ref, language, again, signal }: Running): AsyncGenerator<TranslationPart> {
    try {
      const [kept] = again ? [] : await listTranslations(this.#context.storage.db, { messageIds: [node.id], language });
      if (kept) {
        yield { type: 'translation-end', state: 'done', failure: null, translation: present(kept) };
        return;
      }
      const offered = await this.#context.models.resolve(ref, signal);
      const { conversationId } = node;
      const account = { payer: personally(actor.userId), purpose: 'translation', conversationId } as const;
      const model = offered.billed({ account });
      yield { type: 'translation-start', model: { label: model.label, fallback: model.fallback } };
      let text = '';
      for await (const delta of this.#translate(actor, { node, model, language, signal })) {
        text += delta;
        yield { type: 'translation-delta', text: delta };
      }
      const translation = await this.#keep({ node, language, text, model });
      yield { type: 'translation-end', state: 'done', failure: null, translation };
    } catch (error) {
      yield { type: 'translation-end', ...endOf(error, signal), translation: null };
    }
  }

  async *#translate(
    actor: Actor,
    {
      node,
      model,
      language,
      signal,
    }: { node: MessageNode; model: ModelHandle; language: TranslationLanguage; signal: AbortSignal },
  ): AsyncGenerator<string> {
    const participants = await listParticipants(this.#context.storage.db, node.conversationId);
    const names = [node.author.name, ...participants.map(({ name }) => name)];
    for (const piece of piecesToTranslate(textOf(node.parts))) {
      const end = /\s*$/.exec(piece)?.[0] ?? '';
      const words = piece.slice(0, piece.length - end.length);
      if (words !== '')
        yield* speak({ model, text: words, language, names, affinity: `translate:${actor.userId}`, signal });
      if (end !== '') yield end;
    }
  }

  async #keep({
    node,
    language,
    text,
    model,
  }: {
    node: MessageNode;
    language: TranslationLanguage;
    text: string;
    model: ModelHandle;
  }): Promise<Translation> {
    const { storage, clock } = this.#context;
    if (text.trim() === '') {
      throw new UnavailableError('The model wrote no translation. Try again, or choose another model.', {
        code: 'translation-empty',
      });
    }
    const record: TranslationRecord = {
      messageId: node.id,
      language,
      conversationId: node.conversationId,
      text: text.trim().toWellFormed(),
      model: model.label,
      createdAt: clock.now(),
    };
    const isKept = await storage.transaction((trx) => putTranslation(trx, record));
    if (!isKept) throw new NotFoundError('There is no such message.');
    return present(record);
  }
}

interface Running {
  node: MessageNode;
  model: string | null;
  language: TranslationLanguage;
  again: boolean;
  signal: AbortSignal;
}

async function* speak({
  model,
  text,
  language,
  names,
  affinity,
  signal,
}: {
  model: ModelHandle;
  text: string;
  language: TranslationLanguage;
  names: readonly string[];
  affinity: string;
  signal: AbortSignal;
}): AsyncGenerator<string> {
  const sampling = { ...model.sampling, ...SAMPLING };
  const { stream } = await model.languageModel.doStream({
    prompt: translationPrompt(text, { language, names }),
    maxOutputTokens: Math.min(PIECE_TOKENS, Math.floor(model.contextLength / 2)),
    temperature: sampling.temperature,
    abortSignal: signal,
    providerOptions: { everwith: { affinity, stableMessages: 1, keepState: false, sampling } },
  });
  for await (const part of stream) {
    if (part.type === 'text-delta') yield part.delta;
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'finish') return;
  }
  if (signal.aborted) throw new AbortedError();
  throw new UnavailableError('The model broke off in the middle of its translation.', { code: 'model-cut-off' });
}

function present({ messageId, language, text, model, createdAt }: TranslationRecord): Translation {
  return { messageId, language: translationLanguageSchema.parse(language), text, model, createdAt };
}

function endOf(
  error: unknown,
  signal: AbortSignal,
): Pick<Extract<TranslationPart, { type: 'translation-end' }>, 'state' | 'failure'> {
  if (signal.aborted || isAbort(error)) return { state: 'stopped', failure: null };
  const known = error instanceof AppError ? error : null;
  return {
    state: 'failed',
    failure: {
      code: known?.code ?? 'internal',
      message: known?.message ?? `The model failed: ${errorMessage(error).slice(0, 300)}`,
      retryable: known?.retryable ?? false,
    },
  };
}
