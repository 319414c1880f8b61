import type { Locale } from '../../../contract/common.ts';
import type { Conversation, ConversationList, CreateConversation } from '../../../contract/conversations.ts';
import type { Message, MessagePage, MessagePart, SendMessage, SentMessage } from '../../../contract/messages.ts';
import type { CallPreferences, CharacterVoice, Pronunciation } from '../../../contract/voice.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import type { LiveReplies } from '../../conversation/live-replies.ts';
import type { Failure } from '../../conversation/tree-types.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { SpeechDirectory } from '../../models/routing/speech-directory.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import type { SpokenStyle } from '../../turn/turn-request.ts';
import type { ReplyOutcome } from '../../voice/voice-ports.ts';

/** Conversations as calls need them; the chat feature satisfies it. */
export interface CallConversations {
  read(actor: Actor, id: string): Promise<Conversation>;
  /** The same, for its host only. */
  readOwn(actor: Actor, id: string): Promise<Conversation>;
  list(actor: Actor, request: { characterId: string; limit: number }): Promise<ConversationList>;
  create(actor: Actor, request: CreateConversation): Promise<Conversation>;
}

/** Messages as calls need them; the chat feature satisfies it. */
export interface CallMessages {
  read(actor: Actor, id: string): Promise<Message>;
  page(actor: Actor, request: { conversationId: string; limit: number }): Promise<MessagePage>;
  send(
    actor: Actor,
    conversationId: string,
    request: SendMessage,
    along: {
      parts: readonly MessagePart[];
      join?: (trx: Trx, message: { messageId: string; createdAt: number }) => Promise<void>;
    },
  ): Promise<SentMessage>;
}

/** A turn that is only a draft until it is confirmed; the chat feature satisfies it. */
export interface CallTurn {
  words: AsyncIterable<string>;
  /** Who speaks in a room, by participant; known before the first word. */
  speaker: Promise<{ participantId: string; name: string } | null>;
  /** `said` null where a character follows another. */
  confirm(
    said: {
      text: string;
      durationInMs: number;
      recorded: boolean;
      join?: (trx: Trx, message: { messageId: string; createdAt: number }) => Promise<void>;
    } | null,
  ): Promise<{ messageId: string | null; replyMessageId: string }>;
  heard(text: string): void;
  end(
    reply: Pick<ReplyOutcome, 'state' | 'heard' | 'timings'> & { durationInMs: number; failure: Failure | null },
  ): Promise<void>;
  discard(): void;
  /** The turn of whoever goes on after this one was heard to its end. */
  follow(request: { signal: AbortSignal }): Promise<CallTurn | null>;
}

export interface CallTurns {
  begin(request: {
    actor: Actor;
    conversationId: string;
    callId: string;
    text: string;
    how: 'spoken' | 'typed';
    style: SpokenStyle;
    signal: AbortSignal;
    onStop: () => void;
  }): CallTurn;
  warm(request: { actor: Actor; conversationId: string; style: SpokenStyle; signal: AbortSignal }): Promise<void>;
}

/** How somebody likes to call, and how characters sound to them. */
export interface VoiceSettings {
  preferences(actor: Actor): Promise<CallPreferences>;
  characterVoice(actor: Actor, characterId: string, locale: Locale): Promise<CharacterVoice>;
  pronunciations(actor: Actor): Promise<Pronunciation[]>;
  /** Whether somebody may hear a voice: not the likenesses that others made. */
  permits(actor: Actor, voice: string): Promise<boolean>;
}

export interface CallsContext {
  storage: Storage;
  events: EventWriter;
  live: LiveReplies;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  speech: SpeechDirectory;
  settings: VoiceSettings;
  conversations: CallConversations;
  messages: CallMessages;
  turns: CallTurns;
}
