import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { Message, Receipt } from '../../../../contract/messages.ts';
import type { Actor } from '../../../accounts/actor.ts';

/** A character that answers as a model. */
export interface OfferedCharacter {
  id: string;
  slug: string;
  /** As its card says. */
  name: string;
  /** Epoch milliseconds. */
  updatedAt: number;
}

/** A talk that whoever asks keeps themselves. */
export interface PassingTalk {
  characterId: string;
  /** Absent = the newest. */
  versionId?: string | undefined;
  said: readonly { by: 'human' | 'character'; text: string; pictures: readonly Buffer[] }[];
  /** What is added to the character for this reply; empty = nothing. */
  note: string;
  signal: AbortSignal;
}

/** The call of a model that a reply would be. */
export interface PlannedReply {
  modelRef: string;
  modelLabel: string;
  seesPictures: boolean;
  call: Omit<LanguageModelV4CallOptions, 'abortSignal'>;
  /** What the reply begins with, whatever the model says. */
  prefill: string;
  /** Lets through what belongs to the reply. */
  filter: { push(text: string): string; end(): string; isOver?: boolean };
}

/** What the platform needs of the house's characters; the wiring satisfies it. */
export interface CharacterHouse {
  /** The caller's own and the house's, in the order of the library. */
  list(actor: Actor): Promise<OfferedCharacter[]>;
  /** One's own before a starter of the same slug. */
  find(actor: Actor, slug: string): Promise<OfferedCharacter | undefined>;
  /** Card, lore and persona as in the house's own turns; nothing is kept, nothing remembered. */
  plan(actor: Actor, talk: PassingTalk): Promise<PlannedReply>;
  /** The id of a version of a character, by its number or its id. */
  findVersion(character: { characterId: string; name: string }): Promise<string | undefined>;
  /** What answers in a conversation; null = in a new one. */
  answering(actor: Actor, conversationId: string | null, signal: AbortSignal): Promise<AnsweringModel>;
  /** A conversation of the house; the same `clientId` again is the same one. `greeting`: what is said in it already. */
  begin(
    actor: Actor,
    request: { characterId: string; versionId?: string | undefined; clientId: string },
  ): Promise<{ conversationId: string; greeting: string | null }>;
  /** Resolves when it is kept and its reply has begun. */
  say(actor: Actor, order: SpokenOrder): Promise<{ messageId: string; parts: AsyncIterable<SpokenPart> }>;
}

/** A model as a talk that the house keeps needs to know it. */
export interface AnsweringModel {
  ref: string;
  label: string;
  seesPictures: boolean;
  tools: boolean;
  /** The version of the character that the conversation is pinned to; null = there is no conversation yet. */
  versionId: string | null;
}

/** A file that came with words. */
export interface SentFile {
  name: string;
  mediaType: string;
  bytes: Buffer;
}

/** What came of a call that the program which asks was handed. */
export interface CallResult {
  callId: string;
  output: string;
}

/** Something said in a conversation of the house, whose reply is waited for. */
export interface SpokenOrder {
  conversationId: string;
  /** The message it follows; null = the end of what was said. */
  afterId: string | null;
  /** Empty where nothing but files or results come. */
  text: string;
  files: readonly SentFile[];
  /** Of the calls that the reply made which it follows. */
  results: readonly CallResult[];
  clientId: string;
  commission: {
    note: string;
    tools?: Pick<LanguageModelV4CallOptions, 'toolChoice'> & {
      offered: readonly LanguageModelV4FunctionTool[];
      oneCall: boolean;
    };
    wishes: Omit<LanguageModelV4CallOptions, 'prompt' | 'tools' | 'toolChoice' | 'providerOptions' | 'abortSignal'>;
  };
  /** Stops the reply; its words stay. */
  signal: AbortSignal;
}

/** A reply of the house as it grows. `end` is always the last. */
export type SpokenPart =
  | { type: 'text-delta' | 'reasoning-delta'; text: string }
  | { type: 'tool-call'; callId: string; name: string; input: string }
  | {
      type: 'end';
      message: Pick<Message, 'state' | 'failure'>;
      receipt: Pick<Receipt, 'model' | 'tokens' | 'finishReason'> | null;
    };
