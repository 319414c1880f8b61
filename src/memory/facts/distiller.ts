import { memoryAccount } from '../memory-account.ts';
import { DISTIL_JOB } from '../conversation-jobs.ts';
import type { Clock } from '../../base/clock.ts';
import { UnavailableError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { textOf, type MessageNode } from '../../conversation/tree-types.ts';
import type { JobHandler, JobRun } from '../../jobs/job-worker.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import { readMemoryPause } from '../memory-settings-store.ts';
import { listConversationPairs, readPairSeats, type PairSeats } from '../pair-seats-store.ts';
import type { QuietTime } from '../quiet-time.ts';
import { hashOfText } from '../words-hash.ts';
import type { DistilTurn } from './distil/distil-turn.ts';
import { EXTRACTOR_VERSION, distilTurns, type DistilledFact } from './distil/distil-turns.ts';
import {
  listDistilled,
  noteDistilled,
  readAudiences,
  readDistillable,
  readPathOutline,
  type DistillableConversation,
} from './distilled-store.ts';
import type { FactMemory } from './fact-memory.ts';
import { deleteUntouchedFactsOf, insertFact, insertFactDate } from './fact-store.ts';
import { RuleBook } from './rule-book.ts';
import { listRules } from './rule-store.ts';

/** With nobody writing for so long, the newest messages are settled too; milliseconds. */
const IDLE_IN_MS = 5 * 60 * 1000;
/** Messages read and kept at a time. */
const BATCH = 8;
/** Longest that one conversation keeps others waiting; milliseconds. */
const SHARE_IN_MS = 60_000;

/** How the note of a message ends, whichever model helped: a message read by older rules is read again. */
const VERSION_MARK = ` v${EXTRACTOR_VERSION}`;

export interface DistillerOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  quiet: QuietTime;
  models: ModelDirectory;
  facts: FactMemory;
  /** IANA zone in which people say “yesterday”. */
  timeZone: string;
}

/** What was found in messages that were read together. */
interface FoundFacts {
  conversation: DistillableConversation;
  messages: readonly { node: MessageNode; hash: string }[];
  facts: readonly DistilledFact[];
  extractor: string;
}

/** What a look at a conversation found to do. */
interface Unread {
  /** In path order. */
  ids: string[];
  /** When what is not settled yet will be; null when there is none. */
  settlesAt: number | null;
}

/**
 * Reads settled messages of a conversation's active path for facts. A message is *unread* → *read* in one transaction
 * with the facts found in it and their sources, so a crash at any point leaves no fact without its source and no message
 * half read. Never: messages still being written or swiped (nothing human stands after them yet), hidden, deleted,
 * forbidden ones, and what was said while memory was paused or in private.
 */
export class Distiller implements JobHandler {
  readonly name = DISTIL_JOB;
  readonly #options: DistillerOptions;

  constructor(options: DistillerOptions) {
    this.#options = options;
  }

  /** For each character of the conversation what it heard. */
  async run({ key }: JobRun, signal: AbortSignal): Promise<'done' | { again: number }> {
    const { storage, clock } = this.#options;
    const until = clock.now() + SHARE_IN_MS;
    const waits: number[] = [];
    for (const { characterId } of await listConversationPairs(storage.db, key)) {
      const read = await this.#read({ id: key, characterId, until }, signal);
      if (read !== 'done') waits.push(read.again);
    }
    return waits.length === 0 ? 'done' : { again: Math.min(...waits) };
  }

  async #read(
    { until, ...asked }: { id: string; characterId: string; until: number },
    signal: AbortSignal,
  ): Promise<'done' | { again: number }> {
    const { storage, clock, quiet } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const conversation = await readDistillable(storage.db, asked);
      const unread = conversation ? await this.#look(conversation) : null;
      if (!conversation || !unread) return 'done';
      if (unread.ids.length === 0) return unread.settlesAt === null ? 'done' : { again: unread.settlesAt };
      if (clock.now() > until) return { again: clock.now() };
      const messages = await this.#readBatch(unread.ids.slice(0, BATCH));
      const model = await this.#model(conversation, signal);
      const seats = await this.#seats(conversation);
      const facts = await quiet.run(
        (undisturbed) =>
          distilTurns({
            turns: messages.map(({ node, text }) => toTurn(node, { text, seats })),
            talkers: { human: seats.person?.name ?? '', character: seats.character?.name ?? '' },
            model,
            timeZone: this.#options.timeZone,
            signal: undisturbed,
          }),
        signal,
      );
      await this.#keep({ conversation, messages, facts, extractor: `${model?.ref ?? 'rules'}${VERSION_MARK}` });
    }
  }

  /** Null where nothing of the conversation may be remembered. */
  async #look(conversation: DistillableConversation): Promise<Unread | null> {
    const { storage, clock, facts } = this.#options;
    const { memory, memoryPausedAt, leafId } = conversation;
    const settings = await readMemoryPause(storage.db, conversation);
    if (leafId === null || memory === 'private' || !settings.distil) return null;
    const endsAt = Math.min(
      pauseStart(memory === 'paused', memoryPausedAt),
      pauseStart(settings.paused, settings.pausedAt),
    );
    const path = await readPathOutline(storage.db, { leafId, seats: await this.#seats(conversation) });
    const { characterId } = conversation;
    const read = await listDistilled(storage.db, { conversationId: conversation.id, characterId });
    const newest = path.at(-1);
    const idleAt = (newest?.createdAt ?? 0) + IDLE_IN_MS;
    const settled =
      idleAt <= clock.now() ? path.length : path.findLastIndex(({ byHuman, readable }) => byHuman && readable);
    const isUnread = ({ id, readable, createdAt }: (typeof path)[number]): boolean =>
      readable && createdAt < endsAt && !read.get(id)?.extractor.endsWith(VERSION_MARK);
    const ids = path
      .slice(0, Math.max(0, settled))
      .filter(isUnread)
      .map(({ id }) => id);
    const rest = path.slice(Math.max(0, settled)).some(isUnread);
    const allowed = await this.#withoutForbidden(ids, await facts.rules(conversation));
    return { ids: allowed, settlesAt: rest ? idleAt : null };
  }

  #seats({ id, characterId }: DistillableConversation): Promise<PairSeats> {
    return readPairSeats(this.#options.storage.db, { conversationId: id, characterId });
  }

  async #withoutForbidden(ids: readonly string[], rules: RuleBook): Promise<string[]> {
    if (rules.isEmpty) return [...ids];
    const allowed: string[] = [];
    for (let start = 0; start < ids.length && allowed.length < BATCH; start += BATCH) {
      const batch = await this.#readBatch(ids.slice(start, start + BATCH));
      allowed.push(...batch.filter(({ node, text }) => !rules.forbids(node.id, text)).map(({ node }) => node.id));
    }
    return allowed;
  }

  async #readBatch(ids: readonly string[]): Promise<{ node: MessageNode; text: string; hash: string }[]> {
    const nodes = new Map((await readMessages(this.#options.storage.db, ids)).map((node) => [node.id, node]));
    return ids.flatMap((id) => {
      const node = nodes.get(id);
      if (!node) return [];
      const text = textOf(node.parts);
      return [{ node, text, hash: hashOfText(text) }];
    });
  }

  /** The house's model; null where there is none, and rules alone find less. */
  async #model(
    { id, ownerId, characterId }: DistillableConversation,
    signal: AbortSignal,
  ): Promise<ModelHandle | null> {
    try {
      const model = await this.#options.models.resolve(null, signal);
      return model.billed({ account: memoryAccount({ ownerId, characterId, conversationId: id }) });
    } catch (error) {
      if (error instanceof UnavailableError && error.code === 'no-model') return null;
      throw error;
    }
  }

  async #keep(found: FoundFacts): Promise<void> {
    const { storage, facts } = this.#options;
    try {
      await storage.transaction((trx) => this.#write(trx, found));
    } finally {
      facts.invalidate(found.conversation);
    }
  }

  async #write(
    trx: Trx,
    { conversation: { id: conversationId, ownerId, characterId }, messages, facts, extractor }: FoundFacts,
  ): Promise<void> {
    const { clock } = this.#options;
    const now = clock.now();
    // As things stand now: much may have been forgotten, deleted or made private while a model was asked.
    const conversation = await readDistillable(trx, { id: conversationId, characterId });
    if (!conversation || conversation.memory === 'private') return;
    const rules = new RuleBook(await listRules(trx, { ownerId, characterId }));
    const audiences = await readAudiences(
      trx,
      messages.map(({ node }) => node.id),
    );
    for (const { node, hash } of messages) {
      const audience = audiences.get(node.id);
      if (audience === undefined || rules.forbids(node.id, textOf(node.parts))) continue;
      await deleteUntouchedFactsOf(trx, { messageId: node.id, characterId });
      for (const fact of facts) {
        if (fact.turnId !== node.id || rules.isForgotten(node.id, fact.quote)) continue;
        await this.#insert(trx, { fact, conversation, hash, audience, extractor, now });
      }
      await noteDistilled(trx, { messageId: node.id, characterId, conversationId, hash, extractor, createdAt: now });
    }
  }

  async #insert(
    trx: Trx,
    {
      fact: { turnId, due, ...fact },
      conversation: { id: conversationId, ownerId, characterId },
      hash,
      audience,
      extractor,
      now,
    }: {
      fact: DistilledFact;
      conversation: DistillableConversation;
      hash: string;
      audience: string;
      extractor: string;
      now: number;
    },
  ): Promise<void> {
    const { newId } = this.#options;
    const id = newId();
    const owned = { ownerId, characterId, conversationId, createdAt: now, updatedAt: now };
    await insertFact(trx, {
      ...fact,
      ...owned,
      id,
      state: 'active',
      everywhere: false,
      by: 'model',
      extractor,
      replacesId: null,
      audience,
      sources: [{ messageId: turnId, conversationId, hash }],
    });
    if (due) {
      const date = { id: newId(), ...owned, factId: id, text: fact.text, dueAt: due.at, precision: due.precision };
      await insertFactDate(trx, date);
    }
  }
}

function toTurn(
  { id, author, createdAt }: MessageNode,
  { text, seats: { character, guestIds } }: { text: string; seats: PairSeats },
): DistilTurn {
  const isGuest = author.kind === 'human' && guestIds.has(author.id);
  const isOtherCharacter = author.kind === 'character' && character !== null && author.id !== character.subjectId;
  return {
    id,
    speaker: author.name,
    byHuman: author.kind === 'human',
    byOther: isGuest || isOtherCharacter,
    text,
    at: createdAt,
  };
}

/** What is said from then on is not remembered; a pause without a beginning has always been. */
function pauseStart(paused: boolean, pausedAt: number | null): number {
  return paused ? (pausedAt ?? 0) : Number.POSITIVE_INFINITY;
}
