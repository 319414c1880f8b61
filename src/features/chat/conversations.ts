import type {
  Conversation,
  ConversationEvent,
  ConversationList,
  CreateConversation,
  UpdateConversation,
} from '../../../contract/conversations.ts';
import type { ConversationMemory } from '../../../contract/memory.ts';
import { samplingPresetSchema } from '../../../contract/conversations.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readCharacterVersion } from '../../character/character-store.ts';
import {
  changeConversation,
  listConversationIds,
  purgeConversation,
  readConversation,
  setConversationDeleted,
  type ConversationChange,
} from '../../conversation/conversation-store.ts';
import { dropHouseTitle } from '../../conversation/conversation-title-store.ts';
import { setConversationMarks } from '../../conversation/conversation-mark-store.ts';
import { listReadable } from '../../conversation/readable-store.ts';
import type { Seat } from '../../conversation/seat.ts';
import { isVoiceClipUsed, removeVoiceClips } from '../../conversation/voice-clip-store.ts';
import { isFileUsed, removeAttachments } from '../../conversation/attachment-store.ts';
import { removeTranslations } from '../../conversation/translation-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import { pauseConversation, deleteMessageRules, resumeConversation } from '../../memory/pause-store.ts';
import { listConversationPairs } from '../../memory/pair-seats-store.ts';
import { lockMemory } from '../../memory/remembered-store.ts';
import { findBuiltInPreset } from '../../turn/presets/built-in-presets.ts';
import { readPreset } from '../../turn/presets/preset-store.ts';
import { redactReplies } from '../../turn/redact-replies.ts';
import type { Trx } from '../../storage/storage.ts';
import { beginConversation } from './begin-conversation.ts';
import type { ChatContext } from './chat-context.ts';
import { listFor, type ListRequest } from './list-conversations.ts';
import { presentConversation } from './present-conversation.ts';
import { presentMessage } from './present-message.ts';
import { requireSeat } from './require-message.ts';
import { announceConversation } from './settle-reply.ts';

/** Conversations as a whole: begin, list, rename, delete, watch. */
export class Conversations {
  readonly #context: ChatContext;

  constructor(context: ChatContext) {
    this.#context = context;
  }

  /** The host's record, or "there is none": somebody else's, a deleted one and an unknown one look the same. */
  async require(actor: Actor, id: string): Promise<ConversationRecord> {
    const record = await readConversation(this.#context.storage.db, { id, ownerId: actor.userId });
    if (!record || record.deletedAt !== null) throw new NotFoundError('There is no such conversation.');
    return record;
  }

  /** The record and the place from which the actor reads it, for its host and its guests; the words of `require` else. */
  requireSeat(actor: Actor, id: string): Promise<Seat> {
    return requireSeat(this.#context.storage.db, { actor, id });
  }

  async read(actor: Actor, id: string): Promise<Conversation> {
    const { conversation } = await this.requireSeat(actor, id);
    return presentConversation(this.#context, conversation, actor.userId);
  }

  /** The same, for its host only. */
  async readOwn(actor: Actor, id: string): Promise<Conversation> {
    return presentConversation(this.#context, await this.require(actor, id));
  }

  list(actor: Actor, request: ListRequest): Promise<ConversationList> {
    return listFor(this.#context, actor, request);
  }

  /** Begins a conversation: its greetings are already there, the first one chosen. */
  async create(
    actor: Actor,
    request: CreateConversation,
    /** The version of its character that it is pinned to; absent = the newest. */
    pinned: { versionId?: string | undefined } = {},
  ): Promise<Conversation> {
    return presentConversation(this.#context, await beginConversation(this.#context, actor, request, pinned));
  }

  async update(actor: Actor, id: string, request: UpdateConversation): Promise<Conversation> {
    const { storage } = this.#context;
    const record = await this.require(actor, id);
    const change: ConversationChange = {};
    if (request.title !== undefined) change.title = request.title.trim();
    if (request.model !== undefined) change.model = request.model;
    if (request.preset !== undefined) change.preset = samplingPresetSchema.parse(request.preset);
    if (request.promptPresetId !== undefined) {
      await this.#requirePreset(actor, request.promptPresetId);
      change.promptPresetId = request.promptPresetId;
    }
    if (request.authorsNote !== undefined) {
      const note = request.authorsNote;
      change.authorsNote = note === null || note.text.trim() === '' ? null : JSON.stringify(note);
    }
    if (request.memory !== undefined) change.memory = request.memory;
    if (request.characterVersion === 'newest') {
      const pinned = await readCharacterVersion(storage.db, record.characterVersionId);
      if (pinned) change.characterVersionId = pinned.currentVersionId;
    }
    await storage.transaction(async (trx) => {
      await changeConversation(trx, { id, ownerId: actor.userId, change });
      if (change.title !== undefined) await dropHouseTitle(trx, id);
      if (request.memory !== undefined) await this.#setMemory(trx, record, request.memory);
    });
    if (request.memory !== undefined) {
      for (const pair of await listConversationPairs(this.#context.storage.db, id)) {
        this.#context.heldMemory.invalidate(pair);
      }
    }
    return this.announce(actor, id);
  }

  /** Memory of a conversation pauses and goes on; what was said in between stays unremembered. */
  async #setMemory(
    trx: Trx,
    { id, ownerId, characterId, memory: before }: ConversationRecord,
    memory: ConversationMemory,
  ): Promise<void> {
    if (memory === before) return;
    const now = this.#context.clock.now();
    if (memory === 'on') await resumeConversation(trx, { id, now });
    else await pauseConversation(trx, { id, ownerId, now });
    await this.#context.events.append(trx, {
      type: memory === 'on' ? 'memory-resume' : 'memory-pause',
      actorId: ownerId,
      subjectId: characterId,
      payload: { conversationId: id, memory },
    });
  }

  async #requirePreset(actor: Actor, id: string | null): Promise<void> {
    if (id === null || findBuiltInPreset(id)) return;
    const preset = await readPreset(this.#context.storage.db, { id, ownerId: actor.userId });
    if (preset && preset.deletedAt === null) return;
    throw new NotFoundError('There is no such preset.', { field: 'promptPresetId' });
  }

  /** Tells watchers of a message that was kept. */
  async tell(node: MessageNode): Promise<void> {
    const message = await presentMessage(this.#context.storage.db, node);
    this.#context.live.publish(node.conversationId, { type: 'message-commit', message });
  }

  /** Tells watchers how the conversation stands now, where nobody of it asked. */
  async tellChange({ id, ownerId }: Pick<ConversationRecord, 'id' | 'ownerId'>): Promise<void> {
    await announceConversation(this.#context, { conversationId: id, ownerId });
  }

  /** Tells watchers how the conversation stands now. */
  async announce(actor: Actor, id: string): Promise<Conversation> {
    const { conversation: record } = await this.requireSeat(actor, id);
    const conversation = await presentConversation(this.#context, record);
    this.#context.live.publish(id, { type: 'conversation-change', conversation });
    return record.ownerId === actor.userId ? conversation : presentConversation(this.#context, record, actor.userId);
  }

  async delete(actor: Actor, id: string): Promise<void> {
    await this.require(actor, id);
    await this.#setDeleted(actor, { id, deletedAt: this.#context.clock.now(), type: 'conversation-delete' });
    for (const reply of this.#context.live.inConversation(id)) reply.stop.abort();
    this.#context.live.publish(id, { type: 'conversation-delete', conversationId: id });
  }

  async restore(actor: Actor, id: string): Promise<Conversation> {
    await this.#setDeleted(actor, { id, deletedAt: null, type: 'conversation-restore' });
    return this.announce(actor, id);
  }

  async #setDeleted(
    actor: Actor,
    {
      id,
      deletedAt,
      type,
    }: { id: string; deletedAt: number | null; type: 'conversation-delete' | 'conversation-restore' },
  ): Promise<void> {
    const { storage, events } = this.#context;
    await storage.transaction(async (trx) => {
      const changed = await setConversationDeleted(trx, { id, ownerId: actor.userId, deletedAt });
      if (!changed) throw new NotFoundError('There is no such conversation.');
      await events.append(trx, { type, actorId: actor.userId, subjectId: id, payload: {} });
    });
  }

  /** Removes a conversation for good, deleted or not. */
  async purge(actor: Actor, id: string): Promise<void> {
    const { storage } = this.#context;
    const record = await readConversation(storage.db, { id, ownerId: actor.userId });
    if (!record) throw new NotFoundError('There is no such conversation.');
    await this.#purgeOne(record);
    this.#context.live.publish(id, { type: 'conversation-delete', conversationId: id });
  }

  /** Removes everything one person ever said, for good. */
  async purgeAllOf(userId: string): Promise<void> {
    for (const id of await listConversationIds(this.#context.storage.db, userId)) {
      const record = await readConversation(this.#context.storage.db, { id, ownerId: userId });
      if (record) await this.#purgeOne(record);
    }
  }

  /** What was said leaves the character's memory with it, and the words of it that other replies were told. */
  async #purgeOne({ id, ownerId }: ConversationRecord): Promise<void> {
    const { storage, search, events, live } = this.#context;
    const replies = live.inConversation(id);
    for (const reply of replies) reply.stop.abort();
    await Promise.all(replies.map((reply) => reply.finished));
    const pairs = await listConversationPairs(storage.db, id);
    const { sounds, files, touched } = await storage.transaction(async (trx) => {
      const sounds = await removeVoiceClips(trx, id);
      const files = await removeAttachments(trx, id);
      await removeTranslations(trx, id);
      await deleteMessageRules(trx, id);
      await purgeConversation(trx, id);
      await search.removeConversation(trx, id);
      const forgotten = { items: new Map(), messages: new Map(), conversationIds: new Set([id]) };
      const touched = new Set<string>();
      // In one order everywhere, so that two never wait for each other.
      for (const pair of pairs.toSorted((a, b) => (a.characterId < b.characterId ? -1 : 1))) {
        await lockMemory(trx, pair.characterId);
        for (const other of await redactReplies(trx, { pair, forgotten })) touched.add(other);
      }
      await events.append(trx, { type: 'conversation-purge', actorId: ownerId, subjectId: id, payload: {} });
      return { sounds, files, touched };
    });
    for (const pair of pairs) this.#context.heldMemory.invalidate(pair);
    for (const hash of files) if (!(await isFileUsed(storage.db, hash))) await storage.blobs.remove(hash);
    for (const hash of sounds) if (!(await isVoiceClipUsed(storage.db, hash))) await storage.blobs.remove(hash);
    for (const conversationId of [id, ...touched]) await this.#context.engineMemory.forget(conversationId);
  }

  /** What happens in a conversation as the actor may know it, beginning with how it stands. */
  async *watch(actor: Actor, id: string, signal: AbortSignal): AsyncGenerator<ConversationEvent> {
    const { seat: reader } = await this.requireSeat(actor, id);
    const { live, presence } = this.#context;
    using _here = presence.enter({ conversationId: id, participantId: reader.id });
    const read = () => this.read(actor, id);
    try {
      yield* live.watch({ conversationId: id, read, signal, reader, presence: () => presence.of(id) });
    } finally {
      // Before they are known to be gone, so that nothing they saw is shown as new in between.
      await this.#noteSeen(actor, id);
    }
  }

  /** What came until now was seen. */
  async #noteSeen({ userId }: Actor, id: string): Promise<void> {
    const { storage, clock, logger } = this.#context;
    try {
      await storage.transaction(async (trx) => {
        const conversationIds = await listReadable(trx, { userId, ids: [id] });
        await setConversationMarks(trx, { userId, conversationIds, change: { seenAt: clock.now() } });
      });
    } catch (error) {
      // The house closes, or its disk is full: some words are shown as new that are not.
      logger.info({ err: error, conversationId: id }, 'what was seen could not be noted');
    }
  }
}
