import type { z } from 'zod';
import type { Conversation } from '../../../contract/conversations.ts';
import { localeSchema, type Locale } from '../../../contract/common.ts';
import type { MessagePart } from '../../../contract/messages.ts';
import { tellStoryTime } from '../../../contract/story-time.ts';
import type { changeSceneSchema } from '../../../contract/worlds.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { changeConversation } from '../../conversation/conversation-store.ts';
import { appendToPath, claimPath, requireSettledLeaf } from '../../conversation/conversation-tree.ts';
import { listParticipants, type ParticipantRecord } from '../../conversation/participant-store.ts';
import type { Stage } from '../../conversation/stage.ts';
import { insertStage, readStage } from '../../conversation/stage-store.ts';
import { storyEventText } from '../../conversation/story-event-text.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { Trx } from '../../storage/storage.ts';
import { listConversationsIn, readWorld, setWorldTime, type WorldRecord } from '../../world/world-store.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';
import { appendMessageEvent } from './message-events.ts';
import { NewNodes } from './new-nodes.ts';
import { presentMessage } from './present-message.ts';

type SceneChange = z.output<typeof changeSceneSchema>;
type EventPart = Extract<MessagePart, { type: 'event' }>;

/** Of the conversations in a world; the list of all of them has the rest. */
const MOST_LISTED = 100;

/** In which world a conversation happens, and at which place and time of it: the latter on each branch for itself. */
export class Scenes {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;
  readonly #nodes: NewNodes;

  constructor(context: ChatContext, conversations: Conversations) {
    this.#context = context;
    this.#conversations = conversations;
    this.#nodes = new NewNodes(context);
  }

  /** Null takes it out of its world; what was told of place and time stays in the story. */
  async chooseWorld(
    actor: Actor,
    conversationId: string,
    { worldId }: { worldId: string | null },
  ): Promise<Conversation> {
    const { storage, events } = this.#context;
    await this.#conversations.require(actor, conversationId);
    if (worldId !== null) await requireWorld(storage.db, { worldId, ownerId: actor.userId });
    await storage.transaction(async (trx) => {
      await changeConversation(trx, { id: conversationId, ownerId: actor.userId, change: { worldId } });
      const payload = { worldId };
      await events.append(trx, { type: 'world-choose', actorId: actor.userId, subjectId: conversationId, payload });
    });
    return this.#conversations.announce(actor, conversationId);
  }

  /** The conversations that happen in a world, the latest first. */
  async listIn(actor: Actor, worldId: string): Promise<Conversation[]> {
    const { db } = this.#context.storage;
    await requireWorld(db, { worldId, ownerId: actor.userId });
    const ids = await listConversationsIn(db, { worldId, ownerId: actor.userId });
    const conversations = await Promise.all(ids.slice(0, MOST_LISTED).map((id) => this.#conversations.read(actor, id)));
    return conversations;
  }

  /** Tells in the story that the scene is elsewhere, or that time has passed. */
  async change(actor: Actor, conversationId: string, change: SceneChange): Promise<Conversation> {
    const { storage } = this.#context;
    const looked = await this.#conversations.require(actor, conversationId);
    if (change.placeId === undefined && change.time === undefined) {
      throw new InvalidInputError('Say where the scene moves, or what time it is.', { field: 'placeId' });
    }
    const message = await storage.transaction((trx) => this.#tell(trx, actor, { looked, change }));
    if (message) {
      const shown = await presentMessage(storage.db, message);
      this.#context.live.publish(conversationId, { type: 'message-commit', message: shown });
    }
    return this.#conversations.announce(actor, conversationId);
  }

  /** Undefined where all is as it was. */
  async #tell(
    trx: Trx,
    actor: Actor,
    { looked, change }: { looked: ConversationRecord; change: SceneChange },
  ): Promise<MessageNode | undefined> {
    const { clock, search } = this.#context;
    const { id, ownerId } = looked;
    const conversation = await claimPath(trx, { id, ownerId, expected: change.expectedRevision, now: clock.now() });
    if (conversation.worldId === null) {
      throw new InvalidInputError('This conversation happens in no world: choose one first.', { field: 'worldId' });
    }
    const world = await requireWorld(trx, { worldId: conversation.worldId, ownerId });
    const leaf = (await requireSettledLeaf(trx, conversation)) ?? null;
    const participants = await listParticipants(trx, id);
    const before = await readStage(trx, { at: leaf, participants });
    const locale = localeSchema.parse(conversation.locale);
    const { stage, parts } = changedStage(before, { change, world, locale });
    const { time } = change;
    if (change.wholeWorld && typeof time === 'string' && time !== '') {
      await setWorldTime(trx, { id: world.id, ownerId, time, now: clock.now() });
    }
    if (parts.length === 0) return undefined;
    const blank = this.#nodes.blank(conversation, leaf);
    const node: MessageNode = {
      ...blank,
      audience: conversation.room === null ? 'everyone' : allWhoAreThere(stage, participants),
      stageId: blank.id,
      author: { kind: 'narrator', id: 'narrator', name: '' },
      parts,
    };
    await insertStage(trx, { messageId: node.id, conversationId: id, stage });
    await appendToPath(trx, { conversation, nodes: [node] });
    const told = parts.map((part) => storyEventText(part, locale)).join('\n');
    await search.put(trx, { id: node.id, conversationId: id, text: told });
    await appendMessageEvent(this.#context, trx, {
      actor,
      conversationId: id,
      type: 'message-commit',
      messageId: node.id,
    });
    return node;
  }
}

/** The scene moves with everybody in it, behind doors too; the host is told whether there or not. */
function allWhoAreThere({ present }: Stage, participants: readonly ParticipantRecord[]): string[] {
  const hosts = participants.filter(({ role }) => role === 'host').map(({ id }) => id);
  return [...new Set([...hosts, ...Object.keys(present)])];
}

function changedStage(
  before: Stage,
  { change, world, locale }: { change: SceneChange; world: WorldRecord; locale: Locale },
): { stage: Stage; parts: EventPart[] } {
  const stage = { ...before };
  const parts: EventPart[] = [];
  if (change.placeId !== undefined && change.placeId !== before.placeId) {
    const place = world.places.find(({ id }) => id === change.placeId);
    if (change.placeId !== null && !place) {
      throw new NotFoundError('There is no such place in this world.', { field: 'placeId' });
    }
    stage.placeId = change.placeId;
    parts.push({ type: 'event', event: 'place-change', names: [], detail: place?.name ?? world.name });
  }
  const time = change.time === '' ? null : change.time;
  if (time !== undefined && time !== before.time) {
    stage.time = time;
    const detail = tellStoryTime(time ?? world.time, locale);
    if (detail !== '') parts.push({ type: 'event', event: 'time-change', names: [], detail });
  }
  return { stage, parts };
}

async function requireWorld(
  db: Parameters<typeof readWorld>[0],
  { worldId, ownerId }: { worldId: string; ownerId: string },
): Promise<WorldRecord> {
  const world = await readWorld(db, { id: worldId, ownerId });
  if (!world) throw new NotFoundError('There is no such world.', { field: 'worldId' });
  return world;
}
