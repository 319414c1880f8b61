import { personally } from '../../models/billing/payers.ts';
import { InvalidInputError, UnavailableError } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { findSeat, listParticipants, type ParticipantRecord } from '../../conversation/participant-store.ts';
import { hears, hostSeat } from '../../conversation/seat.ts';
import { readStage } from '../../conversation/stage-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import { readConversations } from '../../conversation/conversation-store.ts';
import type { JobHandler, JobRun } from '../../jobs/job-worker.ts';
import { areDue } from '../../jobs/job-store.ts';
import type { QuietTime } from '../../memory/quiet-time.ts';
import { listForgottenMessages } from '../../memory/facts/rule-store.ts';
import { lockMemory } from '../../memory/remembered-store.ts';
import { shareOfTerms } from '../../memory/share-of-terms.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import type { Db, Storage, Trx } from '../../storage/storage.ts';
import {
  addSource,
  countFacts,
  insertFact,
  listFacts,
  listRead,
  noteRead,
  readPathSteps,
  type WorldFactRecord,
} from '../../world/world-fact-store.ts';
import { namesInText } from '../../world/names-in-text.ts';
import { readWorld, type WorldRecord } from '../../world/world-store.ts';
import { FACT_LIMIT } from '../../../contract/worlds.ts';
import { askWorldModel } from './ask-world-model.ts';
import { findStatements, type FoundStatement } from './find-statements.ts';
import { PROPOSE_JOB } from './propose-job-name.ts';
import { statementHash } from './statement-hash.ts';

/** With nobody writing for so long, the newest messages are settled too; milliseconds. */
const IDLE_IN_MS = 5 * 60 * 1000;
/** Messages read and kept at a time. */
const BATCH = 8;
/** Longest that one conversation keeps others waiting; milliseconds. */
const SHARE_IN_MS = 60_000;
/** Two statements that share so much of their words say the same; 0 to 1, both ways. */
const SAME_WORDS = 0.85;

export interface ProposerOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  quiet: QuietTime;
  models: ModelDirectory;
}

/** A conversation that happens in a world, and from which place its host reads it. */
interface Reading {
  conversation: ConversationRecord;
  world: WorldRecord;
  participants: readonly ParticipantRecord[];
  host: ParticipantRecord;
}

/**
 * Reads settled messages of a conversation that happens in a world for what became true of it. A message is *unread* →
 * *read* in one transaction with what was found, so a crash leaves no proposal without its source, and none twice.
 * Never read: what was whispered, said aside or behind a door, what the owner did not hear, what is hidden or deleted,
 * what its owner had forgotten, and conversations that are not remembered.
 */
export class Proposer implements JobHandler {
  readonly name = PROPOSE_JOB;
  readonly #options: ProposerOptions;

  constructor(options: ProposerOptions) {
    this.#options = options;
  }

  async run({ key, payload }: JobRun, signal: AbortSignal): Promise<'done' | { again: number }> {
    const { clock } = this.#options;
    const until = clock.now() + SHARE_IN_MS;
    const isAsked = typeof payload === 'object' && payload !== null && 'now' in payload;
    for (;;) {
      signal.throwIfAborted();
      const reading = await this.#begin(key);
      if (!reading) return 'done';
      const { ids, settlesAt } = await this.#unread(reading, isAsked);
      if (ids.length === 0) return settlesAt === null ? 'done' : { again: settlesAt };
      if (clock.now() > until) return { again: clock.now() };
      await this.#readBatch(reading, { ids: ids.slice(0, BATCH), signal });
    }
  }

  async #begin(conversationId: string): Promise<Reading | null> {
    const { db } = this.#options.storage;
    const [conversation] = await readConversations(db, [conversationId]);
    if (!conversation || conversation.worldId === null || conversation.deletedAt !== null) return null;
    if (conversation.memory !== 'on' || conversation.leafId === null) return null;
    const { ownerId, worldId } = conversation;
    const world = await readWorld(db, { id: worldId, ownerId });
    if (!world) return null;
    const seat = await findSeat(db, { conversationId, userId: ownerId });
    const participants = await listParticipants(db, conversationId);
    return { conversation, world, participants, host: seat ?? hostSeat(conversation) };
  }

  /** In path order; `settlesAt` is when what is not settled yet will be. */
  async #unread(
    { conversation: { id, leafId }, world }: Reading,
    isAsked: boolean,
  ): Promise<{ ids: string[]; settlesAt: number | null }> {
    const { storage, clock } = this.#options;
    const path = leafId === null ? [] : await readPathSteps(storage.db, leafId);
    const read = await listRead(storage.db, { worldId: world.id, conversationId: id });
    const idleAt = (path.at(-1)?.createdAt ?? 0) + IDLE_IN_MS;
    const isSettled = isAsked || idleAt <= clock.now();
    const end = isSettled ? path.length : path.findLastIndex(({ byHuman, readable }) => byHuman && readable);
    const isUnread = ({ id: messageId, readable }: (typeof path)[number]) => readable && !read.has(messageId);
    const settled = path.slice(0, Math.max(0, end)).filter(isUnread);
    const rest = path.slice(Math.max(0, end)).some(isUnread);
    return { ids: settled.map(({ id: messageId }) => messageId), settlesAt: rest ? idleAt : null };
  }

  async #readBatch(reading: Reading, { ids, signal }: { ids: readonly string[]; signal: AbortSignal }): Promise<void> {
    const { storage, quiet } = this.#options;
    const nodes = new Map((await readMessages(storage.db, ids)).map((node) => [node.id, node]));
    const open = ids.flatMap((id) => {
      const node = nodes.get(id);
      return node && isOpen(node, reading.host) && textOf(node.parts).trim() !== '' ? [node] : [];
    });
    const names = namesOf(reading);
    const turns = open.map((node) => ({ id: node.id, speaker: node.author.name, text: textOf(node.parts) }));
    const model = turns.length === 0 ? null : await this.#model(reading.conversation, signal);
    const asked = { turns, worldName: reading.world.name, names };
    const found =
      turns.length === 0
        ? []
        : await quiet.run((undisturbed) => findIn(model, { ...asked, signal: undisturbed }), signal);
    await this.#keep(reading, { ids, nodes, found });
  }

  /** Null where none is here. A conversation's own model is asked: the owner lets its words be read there already. */
  async #model(conversation: ConversationRecord, signal: AbortSignal): Promise<ModelHandle | null> {
    const { id: conversationId, ownerId } = conversation;
    try {
      const model = await this.#options.models.resolve(conversation.model, signal);
      return model.billed({ account: { payer: personally(ownerId), purpose: 'world', conversationId } });
    } catch (error) {
      if (error instanceof UnavailableError || error instanceof InvalidInputError) return null;
      throw error;
    }
  }

  async #keep(
    reading: Reading,
    {
      ids,
      nodes,
      found,
    }: { ids: readonly string[]; nodes: ReadonlyMap<string, MessageNode>; found: readonly FoundStatement[] },
  ): Promise<void> {
    const { storage, clock } = this.#options;
    const { conversation, world } = reading;
    const characters = reading.participants
      .filter(({ kind }) => kind === 'character')
      .map(({ subjectId }) => subjectId);
    await storage.transaction(async (trx) => {
      // Whoever forgets a message meanwhile comes before or after this, never between.
      for (const characterId of characters.toSorted()) await lockMemory(trx, characterId);
      const forgotten = await listForgottenMessages(trx, { ownerId: world.ownerId, ids });
      const fresh = new Set<string>();
      for (const messageId of ids) {
        const row = { worldId: world.id, messageId, conversationId: conversation.id, createdAt: clock.now() };
        if ((await noteRead(trx, row)) && !forgotten.has(messageId)) fresh.add(messageId);
      }
      const known = await listFacts(trx, { worldId: world.id });
      let room = FACT_LIMIT - (await countFacts(trx, world.id));
      for (const statement of found.filter(({ turnId }) => fresh.has(turnId))) {
        const node = nodes.get(statement.turnId);
        if (!node || room <= 0) continue;
        const kept = await this.#propose(trx, { reading, node, statement, known });
        if (kept) known.push(kept);
        if (kept) room -= 1;
      }
    });
  }

  /** What is known already gets one more source where it waits for a decision, and is never proposed again. */
  async #propose(
    trx: Trx,
    {
      reading,
      node,
      statement: { statement, quote, speaker },
      known,
    }: { reading: Reading; node: MessageNode; statement: FoundStatement; known: readonly WorldFactRecord[] },
  ): Promise<WorldFactRecord | null> {
    const { clock, newId } = this.#options;
    const { world, participants } = reading;
    const source = { worldId: world.id, conversationId: node.conversationId, messageId: node.id, quote, speaker };
    const hash = statementHash(statement);
    const same = known.find((fact) => fact.hash === hash || saysTheSame(fact.statement, statement));
    if (same) {
      if (same.state === 'proposed') await addSource(trx, { ...source, factId: same.id });
      return null;
    }
    const stage = await readStage(trx, { at: node, participants });
    const place = world.places.find(({ name }) => namesInText(statement, [name]).length > 0);
    const createdAt = clock.now();
    const fact = {
      id: newId(),
      worldId: world.id,
      statement,
      hash,
      about: namesInText(statement, namesOf(reading)).slice(0, 20),
      placeId: place?.id ?? stage.placeId,
      since: stage.time ?? world.time,
      state: 'proposed' as const,
      origin: 'talk' as const,
      createdAt,
    };
    await insertFact(trx, fact);
    await addSource(trx, { ...source, factId: fact.id });
    return { ...fact, stateBefore: null, entryBookId: null, entryUid: null, replacedBy: null, updatedAt: createdAt };
  }
}

/** Said to all who were there, and heard by the world's owner. */
function isOpen(node: MessageNode, host: ParticipantRecord): boolean {
  return node.manner === 'open' && hears(host, node) && !node.hidden && node.deletedAt === null;
}

/** Who and what is known by name in a world and in the talk. */
function namesOf({ world: { places, residents }, participants }: Reading): string[] {
  const characters = participants.filter(({ kind }) => kind === 'character');
  return [...new Set([...places, ...residents, ...characters].map(({ name }) => name))];
}

/** The fallback model judges worse than the rules (see `memory/facts/distil`), so it is not asked: rules only quote. */
async function findIn(
  model: ModelHandle | null,
  question: Parameters<typeof askWorldModel>[1],
): Promise<FoundStatement[]> {
  const byRules = () => findStatements(question.turns, question.names);
  if (model === null || model.fallback) return byRules();
  try {
    return (await askWorldModel(model, question)) ?? byRules();
  } catch (error) {
    const refused =
      error instanceof InvalidInputError || (error instanceof UnavailableError && error.code === 'no-model');
    if (!refused) throw error;
    return byRules();
  }
}

function saysTheSame(one: string, other: string): boolean {
  return shareOfTerms(one, other) >= SAME_WORDS && shareOfTerms(other, one) >= SAME_WORDS;
}

/** True while one of these conversations is read, or about to be. */
export function isReading(
  db: Db,
  { conversationIds, now }: { conversationIds: readonly string[]; now: number },
): Promise<boolean> {
  return areDue(db, { name: PROPOSE_JOB, keys: conversationIds, now });
}
