import type { RealtimeClientEvent, RealtimeItemDraft } from '../../../contract/realtime-client-events.ts';
import { REALTIME_CLOSE_CODES, type RealtimeItem, type RealtimeSession } from '../../../contract/realtime.ts';
import type { OpenCall } from '../../features/calls/open-call.ts';
import type { CallerAudio } from './caller-audio.ts';
import { userItem, type ItemShelf } from './item-shelf.ts';
import type { PacedHearing } from './paced-hearing.ts';
import { PendingInput } from './pending-input.ts';
import { RealtimeFault, toRealtimeError } from './realtime-fault.ts';
import type { RealtimeSocket } from './realtime-socket.ts';
import type { ReplyNarrator, ToldReply } from './reply-narrator.ts';
import { callSettings, updateSettings, type SessionSettings } from './session-settings.ts';
import type { TurnNarrator } from './turn-narrator.ts';

/** Fields of `response.create` that change nothing here; all others are refused by name. */
const HARMLESS_RESPONSE_FIELDS = new Set(['metadata', 'tool_choice', 'parallel_tool_calls']);

export interface ClientEventsOptions {
  open: OpenCall;
  socket: RealtimeSocket;
  shelf: ItemShelf;
  audio: CallerAudio;
  hearing: PacedHearing;
  turns: TurnNarrator;
  replies: ReplyNarrator;
  settings: { get(): SessionSettings; set(settings: SessionSettings): void };
  describe: () => RealtimeSession;
}

type EventOf<Type extends RealtimeClientEvent['type']> = Extract<RealtimeClientEvent, { type: Type }>;

/** Does what a client asks of its call. Throws `RealtimeFault`, or an `AppError` of the call, for what cannot be done. */
export class ClientEvents {
  readonly #options: ClientEventsOptions;
  readonly #pending = new PendingInput();
  #muted = false;
  /** Samples at 16 kHz that the call has heard since the last commit. */
  #heardSamples = 0;
  /** The client committed what the call had heard: its answer is on the way. */
  #answering = false;
  /** The last item of audio that waits for `response.create`. */
  #audioItemId: string | null = null;
  #itemCount = 0;

  constructor(options: ClientEventsOptions) {
    this.#options = options;
  }

  handle(event: RealtimeClientEvent): void | Promise<void> {
    const { open, socket, audio, replies } = this.#options;
    const { call } = open;
    switch (event.type) {
      case 'session.update':
        return this.#update(event);
      case 'input_audio_buffer.append':
        return this.hear(audio.decode(event.audio, 'audio'));
      case 'input_audio_buffer.commit':
        return this.#commit();
      case 'input_audio_buffer.clear':
        return this.#clear();
      case 'conversation.item.create':
        return this.#createItem(event);
      case 'conversation.item.truncate':
        return this.#truncate(event);
      case 'conversation.item.retrieve':
        return socket.send({ type: 'conversation.item.retrieved', item: this.#item(event.item_id) });
      case 'conversation.item.delete':
        return this.#deleteItem(event.item_id);
      case 'response.create':
        return this.#answer(event);
      case 'response.cancel':
        return this.#cancel(event);
      case 'output_audio_buffer.clear':
      case 'everwith.interrupt':
        return this.#interrupt(replies.active);
      case 'everwith.playback.position':
        return this.#played(event);
      case 'everwith.input.press':
        return call.press();
      case 'everwith.input.release':
        return call.release();
      case 'everwith.input.mute':
        return this.#mute(event.muted);
      case 'everwith.call.end':
        return call.end('hung-up');
    }
  }

  /** PCM16 at the agreed rate. */
  hear(pcm: Int16Array): void | Promise<void> {
    const { audio, socket, hearing, settings } = this.#options;
    const taken = audio.take(pcm);
    if (taken === 'dropped') return;
    if (taken === 'flood') return this.#closeFlood();
    if ('fault' in taken) {
      const error = toRealtimeError(taken.fault, null);
      if (error) socket.send({ type: 'error', error });
      return;
    }
    if (this.#muted) return;
    if (settings.get().manual) return this.#pending.keep(taken.samples);
    this.#heardSamples += taken.samples.length;
    return hearing.hear(taken.samples);
  }

  #closeFlood(): void {
    this.#options.socket.close(REALTIME_CLOSE_CODES.flood, 'Audio came much faster than it is spoken.');
  }

  async #update({ session }: EventOf<'session.update'>): Promise<void> {
    const { settings, open, audio, socket, describe } = this.#options;
    const before = settings.get();
    if (session.model !== undefined && session.model !== describe().model) {
      throw new RealtimeFault('The character cannot be changed during a call.', {
        code: 'not_supported',
        param: 'session.model',
      });
    }
    const after = updateSettings(before, session);
    const changed = callSettings(before, after);
    if (changed) await open.configure(changed);
    audio.setRate(after.inputRate);
    settings.set(after);
    socket.send({ type: 'session.updated', session: describe() });
  }

  #commit(): void {
    const { settings, turns, open } = this.#options;
    if (settings.get().manual) {
      this.#pending.commit();
      this.#audioItemId = turns.commit().itemId;
      return;
    }
    if (this.#heardSamples === 0) {
      throw new RealtimeFault('There is no audio to commit.', { code: 'input_audio_buffer_commit_empty' });
    }
    this.#heardSamples = 0;
    const { itemId, isNew } = turns.commit();
    if (isNew) turns.takeNext(itemId);
    this.#answering = true;
    open.call.endTurn();
  }

  #clear(): void {
    const { open, socket } = this.#options;
    this.#pending.clear();
    this.#heardSamples = 0;
    open.call.clearTurn();
    socket.send({ type: 'input_audio_buffer.cleared' });
  }

  #createItem({ item: draft, previous_item_id: previousId }: EventOf<'conversation.item.create'>): void {
    const { shelf, socket } = this.#options;
    if (previousId !== undefined && previousId !== null && previousId !== shelf.lastId) {
      throw new RealtimeFault('Items are added at the end; the past of a conversation stays as it was.', {
        code: 'not_supported',
        param: 'previous_item_id',
      });
    }
    if (draft.id !== undefined && shelf.get(draft.id)) {
      throw new RealtimeFault('There is an item with this id already.', { code: 'item_exists', param: 'item.id' });
    }
    this.#itemCount += 1;
    const id = draft.id ?? `item_${this.#itemCount}`;
    const item = userItem(id, this.#takeContent(id, draft));
    const previous = shelf.put(item);
    socket.send({ type: 'conversation.item.added', item, previous_item_id: previous });
    socket.send({ type: 'conversation.item.done', item, previous_item_id: previous });
  }

  #takeContent(id: string, draft: RealtimeItemDraft): RealtimeItem['content'] {
    const { audio } = this.#options;
    requireUserMessage(draft);
    const [part, ...more] = draft.content ?? [];
    if (!part || more.length > 0) {
      throw new RealtimeFault('An item has exactly one part of content here.', {
        code: 'invalid_value',
        param: 'item.content',
      });
    }
    if (part.type === 'input_text' && part.text !== undefined && part.text.trim() !== '') {
      this.#pending.addTyped({ id, text: part.text });
      return [{ type: 'input_text', text: part.text }];
    }
    if (part.type === 'input_audio' && part.audio !== undefined) {
      const taken = audio.take(audio.decode(part.audio, 'item.content[0].audio'));
      if (taken === 'flood' || taken === 'dropped') {
        throw new RealtimeFault('Audio comes faster than it is spoken.', {
          code: 'rate_limit',
          kind: 'rate_limit_error',
        });
      }
      if ('fault' in taken) throw taken.fault;
      this.#pending.addAudio(taken.samples);
      this.#audioItemId = id;
      return [{ type: 'input_audio', transcript: null }];
    }
    throw new RealtimeFault(
      part.type === 'input_text' || part.type === 'input_audio'
        ? 'The part is empty.'
        : `Parts of type “${part.type}” are not supported; send input_text or input_audio.`,
      {
        code: part.type.startsWith('input_') && part.type !== 'input_image' ? 'invalid_value' : 'not_supported',
        param: 'item.content[0]',
      },
    );
  }

  #truncate({ item_id: itemId, content_index: index, audio_end_ms: end }: EventOf<'conversation.item.truncate'>): void {
    const { replies, open, socket } = this.#options;
    const reply = replies.byItem(itemId);
    if (!reply) {
      throw new RealtimeFault('Only the character’s own items of this session can be truncated.', {
        code: 'item_not_found',
        param: 'item_id',
      });
    }
    if (index !== 0) {
      throw new RealtimeFault('Items have one part, number 0.', { code: 'invalid_value', param: 'content_index' });
    }
    if (Math.floor(end) > Math.ceil(reply.durationInMs)) {
      throw new RealtimeFault(`Only ${Math.round(reply.durationInMs)} ms of this item were sent.`, {
        code: 'invalid_value',
        param: 'audio_end_ms',
      });
    }
    if (reply.state !== 'over') {
      reply.stoppedByClient = true;
      open.call.truncate({ replyId: reply.replyId, positionInMs: end });
    }
    // A reply that is over was heard to its end, and its words are kept.
    const kept = reply.state === 'over' ? reply.durationInMs : end;
    socket.send({
      type: 'conversation.item.truncated',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: Math.round(kept),
    });
  }

  #item(id: string): RealtimeItem {
    const item = this.#options.shelf.get(id);
    if (item) return item;
    throw new RealtimeFault('This session has no such item.', { code: 'item_not_found', param: 'item_id' });
  }

  #deleteItem(id: string): void {
    const { shelf, socket } = this.#options;
    this.#item(id);
    if (!this.#pending.deleteTyped(id)) {
      throw new RealtimeFault('What was said stays said. Messages can be deleted in the conversation.', {
        code: 'not_supported',
        param: 'item_id',
      });
    }
    shelf.delete(id);
    socket.send({ type: 'conversation.item.deleted', item_id: id });
  }

  #answer({ response }: EventOf<'response.create'>): void | Promise<void> {
    const { open, turns, settings } = this.#options;
    requirePlainResponse(response ?? {}, settings.get().modality);
    if (this.#pending.hasTyped && this.#pending.hasAudio) {
      throw new RealtimeFault('A reply answers either written or spoken items. Create a response after each.', {
        code: 'not_supported',
      });
    }
    if (this.#pending.hasTyped) {
      const { ids, text } = this.#pending.takeTyped();
      turns.takeNext(ids.at(-1) ?? '');
      return open.call.type(text);
    }
    if (this.#pending.hasAudio) return this.#say(this.#pending.takeAudio());
    if (this.#answering) {
      this.#answering = false;
      return;
    }
    if (turns.isTurnOpen) return open.call.endTurn();
    throw new RealtimeFault('There is nothing to answer. Send audio, or an item, first.', {
      code: 'nothing_to_answer',
    });
  }

  /** Audio that came whole: the call hears it as if a button had been held. */
  async #say(chunks: readonly Float32Array[]): Promise<void> {
    const { open, turns, hearing } = this.#options;
    if (this.#audioItemId !== null) turns.takeNext(this.#audioItemId);
    this.#audioItemId = null;
    open.call.press();
    for (const samples of chunks) await hearing.hear(samples);
    open.call.release();
  }

  #cancel({ response_id: id }: EventOf<'response.cancel'>): void {
    const { active } = this.#options.replies;
    if (!active || (id !== undefined && id !== null && id !== active.responseId)) {
      throw new RealtimeFault('There is no such response under way.', {
        code: 'response_cancel_not_active',
        param: 'response_id',
      });
    }
    this.#interrupt(active);
  }

  #interrupt(reply: ToldReply | undefined): void {
    if (reply) reply.stoppedByClient = true;
    this.#options.open.call.interrupt();
  }

  #played({ item_id: itemId, position_ms: positionInMs }: EventOf<'everwith.playback.position'>): void {
    const reply = this.#options.replies.byItem(itemId);
    if (reply) this.#options.open.call.played({ replyId: reply.replyId, positionInMs });
  }

  #mute(muted: boolean): void {
    if (muted === this.#muted) return;
    this.#muted = muted;
    // Without sound no silence would end the turn.
    if (muted) this.#options.open.call.endTurn();
  }
}

function requireUserMessage({ type, role }: RealtimeItemDraft): void {
  if (type !== 'message') {
    throw new RealtimeFault(`Items of type “${type}” are not supported; a call uses no tools.`, {
      code: 'not_supported',
      param: 'item.type',
    });
  }
  if (role === 'user') return;
  throw new RealtimeFault(
    role === 'system'
      ? 'System items are not supported. Use session.instructions.'
      : 'Only items of the role “user” can be created; what the character said is kept by the house.',
    { code: 'not_supported', param: 'item.role' },
  );
}

function requirePlainResponse(response: Readonly<Record<string, unknown>>, modality: 'audio' | 'text'): void {
  for (const [field, value] of Object.entries(response)) {
    if (value === undefined || value === null || HARMLESS_RESPONSE_FIELDS.has(field)) continue;
    if (field === 'conversation' && value === 'auto') continue;
    if (field === 'max_output_tokens' && value === 'inf') continue;
    if (field === 'tools' && Array.isArray(value) && value.length === 0) continue;
    if (field === 'output_modalities' && Array.isArray(value) && value[0] === modality) continue;
    throw new RealtimeFault(`A single response cannot be given “${field.slice(0, 80)}”. Use session.update.`, {
      code: 'not_supported',
      param: `response.${field.slice(0, 80)}`,
    });
  }
}
