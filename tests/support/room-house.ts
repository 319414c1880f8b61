import type { RoomSettings } from '../../contract/rooms.ts';
import { roomSettingsSchema } from '../../contract/rooms.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { localizeCard, withFormFields, type Card } from '../../src/character/card.ts';
import { insertCharacter, readCharacterVersion } from '../../src/character/character-store.ts';
import { insertConversation, readConversation } from '../../src/conversation/conversation-store.ts';
import { blankMessage } from '../../src/conversation/blank-message.ts';
import { insertMessage } from '../../src/conversation/message-store.ts';
import {
  insertParticipant,
  listParticipants,
  type ParticipantRecord,
} from '../../src/conversation/participant-store.ts';
import { audienceOn, openingStage, type Stage } from '../../src/conversation/stage.ts';
import { insertStage, readStage } from '../../src/conversation/stage-store.ts';
import type { MessageNode } from '../../src/conversation/tree-types.ts';
import type { ModelHandle } from '../../src/models/spec/model-handle.ts';
import { createScriptedModel } from '../../src/models/scripted/scripted-model.ts';
import { assemblePrompt, type AssembledPrompt } from '../../src/turn/assemble-prompt.ts';
import { TurnGatherer, type TurnLegacy } from '../../src/turn/gather-turn.ts';
import { HistoryWindow } from '../../src/turn/history-window.ts';
import { TokenCounts } from '../../src/turn/token-counts.ts';
import type { TurnRequest } from '../../src/turn/turn-request.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** Who is in a room, by short names that are ids of characters and users too. */
export interface RoomCast {
  characters: readonly { id: string; card?: Partial<Record<string, unknown>>; muted?: boolean; fromStart?: boolean }[];
  humans: readonly { id: string; fromStart?: boolean }[];
  settings?: Partial<RoomSettings>;
}

export interface SaidOptions {
  by: string;
  text: string;
  /** Whispered to these; none = an aside. */
  to?: readonly string[];
  below?: MessageNode | null;
  more?: Partial<MessageNode>;
}

const noWords = { tagline: '', description: '', personality: '', scenario: '', greeting: '', exampleDialogue: '' };

/** A room in a storage of its own, told by hand; the first human is its host. */
export class RoomHouse {
  readonly storage: Storage;
  readonly newId = createIdGenerator(systemClock);
  readonly conversationId = this.newId();
  participants: ParticipantRecord[] = [];
  readonly #counts = new TokenCounts();
  readonly #history = new HistoryWindow(this.#counts);
  readonly #gatherer: TurnGatherer;
  #clock = 1_700_000_000_000;

  constructor(storage: Storage) {
    this.storage = storage;
    this.#gatherer = new TurnGatherer({ db: storage.db, clock: systemClock, counts: this.#counts });
  }

  get hostId(): string {
    return this.participants.find(({ role }) => role === 'host')?.subjectId ?? '';
  }

  async open({ characters, humans, settings }: RoomCast): Promise<void> {
    const { conversationId } = this;
    const [lead] = characters;
    const [host] = humans;
    const nameOf = (id: string) => id[0]?.toUpperCase() + id.slice(1);
    const key = (id: string) => `${conversationId}-${id}`;
    await this.storage.transaction(async (trx) => {
      for (const { id, card: data } of characters) {
        const card: Card = withFormFields(undefined, { ...noWords, name: nameOf(id), greeting: '' });
        const whole = { ...card, data: { ...card.data, ...data } } as Card;
        await insertCharacter(
          trx,
          { id: key(id), ownerId: null, slug: key(id), now: 1 },
          { id: `${key(id)}-1`, card: whole, contentHash: key(id), pictureHash: null, now: 1 },
        );
      }
      await insertConversation(trx, {
        id: conversationId,
        ownerId: key(host?.id ?? ''),
        characterId: key(lead?.id ?? ''),
        characterVersionId: `${key(lead?.id ?? '')}-1`,
        locale: 'en',
        title: null,
        leafId: null,
        revision: 0,
        messageCount: 0,
        preview: '',
        model: null,
        preset: 'model',
        personaId: null,
        promptPresetId: null,
        authorsNote: null,
        foreign: null,
        worldId: null,
        memory: 'on',
        room: JSON.stringify(roomSettingsSchema.parse(settings ?? {})),
        createdAt: 1,
        updatedAt: 1,
        deletedAt: null,
        clientId: null,
      });
      for (const [position, { id, muted = false, fromStart = true }] of characters.entries()) {
        const versionId = position === 0 ? null : `${key(id)}-1`;
        await insertParticipant(trx, {
          id: this.newId(),
          conversationId,
          kind: 'character',
          subjectId: key(id),
          name: nameOf(id),
          characterVersionId: versionId,
          muted,
          fromStart,
          position,
          createdAt: 1,
        });
      }
      for (const [index, { id, fromStart = true }] of humans.entries()) {
        const role = index === 0 ? 'host' : 'guest';
        await insertParticipant(trx, {
          id: this.newId(),
          conversationId,
          kind: 'human',
          subjectId: key(id),
          name: nameOf(id),
          role,
          fromStart,
          position: characters.length + index,
          createdAt: 1,
        });
      }
    });
    this.participants = await listParticipants(this.storage.db, conversationId);
  }

  /** A participant by its short name. */
  who(id: string): ParticipantRecord {
    const found = this.participants.find(({ subjectId }) => subjectId === `${this.conversationId}-${id}`);
    if (!found) throw new Error(`Nobody is called ${id}.`);
    return found;
  }

  stageAt(at: MessageNode | null): Promise<Stage> {
    return readStage(this.storage.db, { at, participants: this.participants });
  }

  async say({ by, text, to, below = null, more = {} }: SaidOptions): Promise<MessageNode> {
    const speaker = this.who(by);
    const stage = await this.stageAt(below);
    const heard = audienceOn(stage, { speakerId: speaker.id, to: to?.map((id) => this.who(id).id) });
    const author = { kind: speaker.kind, id: speaker.subjectId, name: speaker.name };
    return this.put({ ...this.#blank(below), author, parts: [{ type: 'text', text }], ...heard, ...more });
  }

  /** Something happens: the stage is another one from here on. */
  async move(
    below: MessageNode | null,
    change: (stage: Stage) => { stage: Stage; event: 'enter' | 'leave' | 'door-close' | 'door-open'; who: string },
  ): Promise<MessageNode> {
    const before = below === null ? openingStage(this.participants) : await this.stageAt(below);
    const { stage, event, who } = change({ ...before, present: { ...before.present } });
    const { id, name } = this.who(who);
    const near = (seen: Stage) => {
      const { audience } = audienceOn(seen, { speakerId: id in seen.present ? id : null });
      return audience === 'everyone' ? [] : audience;
    };
    const blank = this.#blank(below);
    const node: MessageNode = {
      ...blank,
      author: { kind: 'narrator', id: 'story', name: '' },
      parts: [{ type: 'event', event, names: [name], detail: '' }],
      audience: [...new Set([...near(before), ...near(stage)])],
      stageId: blank.id,
    };
    await this.put(node);
    const kept = { messageId: node.id, conversationId: this.conversationId, stage };
    await this.storage.transaction((trx) => insertStage(trx, kept));
    return node;
  }

  async put(node: MessageNode): Promise<MessageNode> {
    await this.storage.transaction((trx) => insertMessage(trx, node));
    return node;
  }

  #blank(parent: MessageNode | null): Omit<MessageNode, 'author' | 'parts'> {
    const { conversationId } = this;
    this.#clock += 60_000;
    return blankMessage({ id: this.newId(), conversationId, parent, createdAt: this.#clock });
  }

  /** What a character's turn at a message is. */
  async turnOf(id: string, end: MessageNode | null, some: Partial<TurnRequest> = {}): Promise<TurnRequest> {
    const { conversationId, participants } = this;
    const speaker = this.who(id);
    const conversation = await readConversation(this.storage.db, { id: conversationId, ownerId: this.hostId });
    const character = await readCharacterVersion(this.storage.db, `${speaker.subjectId}-1`);
    if (!conversation || !character) throw new Error('The room is gone.');
    const settings = roomSettingsSchema.parse(JSON.parse(conversation.room ?? '{}'));
    const host = participants.find(({ role }) => role === 'host');
    return {
      conversation,
      character,
      card: localizeCard(character.version.card, 'en'),
      locale: 'en',
      userName: host?.name ?? '',
      persona: null,
      room: { speaker, participants, settings },
      endId: end?.id ?? null,
      continueText: null,
      trigger: 'normal',
      seed: end?.id ?? '',
      signal: new AbortController().signal,
      ...some,
    };
  }

  /** The prompt of a character's turn at a message, and what the turn leaves. */
  async promptOf(
    id: string,
    end: MessageNode | null,
    {
      contextLength = 8000,
      model = createScriptedModel({ contextLength }),
      ...some
    }: Partial<TurnRequest> & {
      contextLength?: number;
      model?: ModelHandle;
    } = {},
  ): Promise<AssembledPrompt & { legacy: TurnLegacy }> {
    const request = await this.turnOf(id, end, some);
    const { conversation, endId, pending, continueText, signal } = request;
    const { material, leave } = await this.#gatherer.gather(model, request, { contextIsFull: false });
    const assembled = await assemblePrompt(
      {
        db: this.storage.db,
        model,
        material,
        conversationId: conversation.id,
        endId,
        pending,
        continueText,
        memory: null,
        signal,
      },
      { counts: this.#counts, history: this.#history },
    );
    return { ...assembled, legacy: leave() };
  }
}
