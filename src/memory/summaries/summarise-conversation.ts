import { memoryAccount } from '../memory-account.ts';
import { SUMMARISE_JOB } from '../conversation-jobs.ts';
import type { Clock } from '../../base/clock.ts';
import { UnavailableError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import type { JobQueue } from '../../jobs/job-queue.ts';
import type { JobHandler, JobRun } from '../../jobs/job-worker.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import type { Storage } from '../../storage/storage.ts';
import { coveredHash, type CoveredView } from '../covered-view.ts';
import { readDistillable, type DistillableConversation } from '../facts/distilled-store.ts';
import type { FactMemory } from '../facts/fact-memory.ts';
import { readMemorySettings } from '../memory-settings-store.ts';
import { listConversationPairs } from '../pair-seats-store.ts';
import type { Pair } from '../pair-view.ts';
import type { QuietTime } from '../quiet-time.ts';
import { withoutOverlaps } from './choose-summaries.ts';
import { Covers, type HeldSummary, type Stretch } from './cover.ts';
import { closesAt, missingScenes, missingSessions } from './plan-layers.ts';
import { linesOf } from './lines-of-layer.ts';
import {
  deleteSummaries,
  insertSummary,
  listSummaries,
  type SummaryLayer,
  type SummaryRecord,
  type SummarySentence,
} from './summary-store.ts';
import { SUMMARY_VERSION, writeSummary, type SummaryTask } from './write-summary.ts';

/** Written when a session has closed; its key is the session's summary. */
export const DIARY_JOB = 'memory-diary';

/** With nobody writing for so long, the newest messages are settled too; milliseconds. */
const IDLE_IN_MS = 5 * 60 * 1000;
/** Longest that one conversation keeps others waiting; milliseconds. */
const SHARE_IN_MS = 60_000;
/** Scenes a model reads of a conversation that comes all at once (an imported one); older ones are told in their own words. */
const MODEL_SCENES = 40;
/** A model that failed so often is done without. */
const MODEL_TRIES = 3;
/** How things stood at so many closings is kept, for branches and replies written again. */
const KEPT_RELATIONSHIPS = 8;
/** A diary is kept of sessions that ended not longer ago, milliseconds. */
const DIARY_WITHIN_IN_MS = 14 * 24 * 60 * 60 * 1000;
/** A session of fewer messages leaves no page. */
const DIARY_LEAST = 8;

export interface SummariserOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  clock: Clock;
  newId: NewId;
  quiet: QuietTime;
  models: ModelDirectory;
  memories: { view(pair: Pair): Promise<CoveredView> };
  facts: Pick<FactMemory, 'rules' | 'countingFacts'>;
  queue: JobQueue;
  /** Called at the end of each run, for what is read from facts rather than messages. */
  afterwards: (pair: Pair, view: CoveredView, conversationId: string) => Promise<void>;
}

/** What is to be written next. */
interface Piece extends Stretch {
  layer: SummaryLayer;
  /** What it is made of; empty for a scene, which is made of messages. */
  parts: readonly HeldSummary[];
  /** False for what lies far back. */
  usesModel: boolean;
}

interface Look {
  conversation: DistillableConversation;
  view: CoveredView;
  path: readonly string[];
  piece: Piece | null;
  /** When there may be more to do; null when only a change makes it. */
  again: number | null;
}

/**
 * Keeps the summaries of a conversation's active path: scenes, sessions, how things stand. It looks what is missing,
 * writes one piece, looks again. A piece is stored only if all it covers still holds then; a crash before that leaves
 * nothing, and the piece is found missing again. What left the path stays stored: it holds again when the path comes back.
 */
export class Summariser implements JobHandler {
  readonly name = SUMMARISE_JOB;
  readonly #options: SummariserOptions;
  readonly #covers = new Covers();

  constructor(options: SummariserOptions) {
    this.#options = options;
  }

  /** For each character of the conversation what it heard. */
  async run({ key, attempts }: JobRun, signal: AbortSignal): Promise<'done' | { again: number }> {
    const { storage, clock } = this.#options;
    const until = clock.now() + SHARE_IN_MS;
    const waits: number[] = [];
    for (const { characterId } of await listConversationPairs(storage.db, key)) {
      const told = await this.#tellAll({ id: key, characterId, until, attempts }, signal);
      if (told !== 'done') waits.push(told.again);
    }
    return waits.length === 0 ? 'done' : { again: Math.min(...waits) };
  }

  async #tellAll(
    { until, attempts, ...asked }: { id: string; characterId: string; until: number; attempts: number },
    signal: AbortSignal,
  ): Promise<'done' | { again: number }> {
    const { clock, afterwards } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const look = await this.#look(asked);
      if (!look) return 'done';
      if (!look.piece) {
        await afterwards(look.conversation, look.view, look.conversation.id);
        return look.again === null ? 'done' : { again: look.again };
      }
      if (clock.now() > until) return { again: clock.now() };
      await this.#write(look, look.piece, {
        model: await this.#model(look.conversation, { attempts, signal }),
        signal,
      });
    }
  }

  /** Undefined where nothing of the conversation may be told. */
  async #look(asked: { id: string; characterId: string }): Promise<Look | undefined> {
    const { storage, clock, memories } = this.#options;
    const { id: conversationId, characterId } = asked;
    const conversation = await readDistillable(storage.db, asked);
    if (!conversation || conversation.memory === 'private') return undefined;
    if (!(await readMemorySettings(storage.db, conversation)).distil) return undefined;
    const view = await memories.view(conversation);
    const path = view.path(conversationId);
    if (path.length === 0) return undefined;
    const held = this.#covers.held(
      view,
      conversationId,
      await listSummaries(storage.db, { characterId, conversationIds: [conversationId] }),
    );
    const turns = path.map((id) => view.turn(id));
    const times = turns.map((turn) => turn?.at ?? 0);
    const now = clock.now();
    const idleAt = (times.at(-1) ?? 0) + IDLE_IN_MS;
    const settled =
      idleAt <= now
        ? path.length
        : Math.max(
            0,
            turns.findLastIndex((turn) => turn?.byHuman === true),
          );
    const [piece = null] = piecesOf({ times, settled, now, held });
    const waits = [closesAt({ times, now }), settled < path.length ? idleAt : null].filter((at) => at !== null);
    return {
      conversation,
      view,
      path,
      piece,
      again: waits.length === 0 ? null : Math.min(...waits),
    };
  }

  /** The house's model; null where there is none, or it keeps failing. */
  async #model(
    { id, ownerId, characterId }: DistillableConversation,
    { attempts, signal }: { attempts: number; signal: AbortSignal },
  ): Promise<ModelHandle | null> {
    if (attempts > MODEL_TRIES) return null;
    try {
      const model = await this.#options.models.resolve(null, signal);
      return model.billed({ account: memoryAccount({ ownerId, characterId, conversationId: id }) });
    } catch (error) {
      if (isNoModel(error)) return null;
      throw error;
    }
  }

  async #write(
    { conversation, view, path }: Look,
    piece: Piece,
    { model, signal }: { model: ModelHandle | null; signal: AbortSignal },
  ): Promise<void> {
    const { facts, clock, newId } = this.#options;
    const covered = path.slice(piece.from, piece.to + 1);
    const hash = coveredHash(view, covered);
    const [fromId] = covered;
    const toId = covered.at(-1);
    if (hash === null || fromId === undefined || toId === undefined) return;
    const rules = await facts.rules(conversation);
    const known = piece.layer === 'relationship' ? await facts.countingFacts(conversation, view) : [];
    const { lines, names } = linesOf({ ...piece, covered, view, rules, facts: known });
    const task = { layer: piece.layer, lines, names, signal };
    const { sentences, by } = await this.#tell(task, piece.usesModel ? model : null);
    const { id: conversationId, ownerId, characterId } = conversation;
    // Kept also where nothing is worth telling, so that nobody is asked again.
    await this.#keep({
      id: newId(),
      ownerId,
      characterId,
      conversationId,
      layer: piece.layer,
      sentences,
      fromId,
      toId,
      coveredHash: hash,
      messageCount: covered.length,
      by: `${by} v${SUMMARY_VERSION}`,
      createdAt: clock.now(),
    });
  }

  /** By a model while nobody waits for it, else in the words that were said. */
  async #tell(
    task: Omit<SummaryTask, 'model'>,
    model: ModelHandle | null,
  ): Promise<{ sentences: SummarySentence[]; by: string }> {
    const extract = async () => ({ sentences: await writeSummary({ ...task, model: null }), by: 'extract' });
    if (!model) return extract();
    try {
      const sentences = await this.#options.quiet.run(
        (signal) => writeSummary({ ...task, model, signal }),
        task.signal,
      );
      return { sentences, by: model.ref };
    } catch (error) {
      if (isNoModel(error)) return extract();
      throw error;
    }
  }

  /** Only what still holds, without what was forgotten meanwhile; the next look sees what changed. */
  async #keep(written: SummaryRecord): Promise<void> {
    const { storage, memories, facts } = this.#options;
    const view = await memories.view(written);
    const [held] = this.#covers.held(view, written.conversationId, [written]);
    if (!held) return;
    const rules = await facts.rules(written);
    const record = {
      ...written,
      sentences: written.sentences.filter(({ text, sources }) => !sources.some((id) => rules.forbids(id, text))),
    };
    await storage.transaction(async (trx) => {
      const { characterId, conversationId } = record;
      const conversation = await readDistillable(trx, { id: conversationId, characterId });
      if (!conversation || conversation.memory === 'private') return;
      await insertSummary(trx, record);
      const stored = await listSummaries(trx, { characterId, conversationIds: [conversationId] });
      const same = stored.filter((other) => other.id !== record.id && isSameCover(other, record));
      const standings = stored.filter(({ layer }) => layer === 'relationship').slice(0, -KEPT_RELATIONSHIPS);
      await deleteSummaries(
        trx,
        [...same, ...standings].map(({ id }) => id),
      );
      const ended = view.turn(record.toId)?.at ?? 0;
      const isTold = record.messageCount >= DIARY_LEAST && record.createdAt - ended < DIARY_WITHIN_IN_MS;
      if (record.layer === 'session' && isTold)
        await this.#options.queue.add(trx, { name: DIARY_JOB, key: record.id, payload: { summaryId: record.id } });
    });
  }
}

function isNoModel(error: unknown): boolean {
  return error instanceof UnavailableError && error.code === 'no-model';
}

function piecesOf(seen: { times: number[]; settled: number; now: number; held: readonly HeldSummary[] }): Piece[] {
  const { held, times } = seen;
  const scenes = withoutOverlaps(held.filter(({ record }) => record.layer === 'scene'));
  const lacking = missingScenes(seen, scenes);
  const tooOld = lacking.length - MODEL_SCENES;
  if (lacking.length > 0)
    return lacking.map((stretch, index) => ({ ...stretch, layer: 'scene', parts: [], usesModel: index >= tooOld }));
  const sessions = withoutOverlaps(held.filter(({ record }) => record.layer === 'session'));
  const within = (stretch: Stretch): HeldSummary[] =>
    scenes.filter(({ from, to }) => from >= stretch.from && to <= stretch.to);
  const lackingSessions = missingSessions(seen, { scenes, sessions });
  const tooOldSessions = lackingSessions.length - MODEL_SCENES;
  if (lackingSessions.length > 0) {
    return lackingSessions.map((stretch, index) => {
      const parts = within(stretch);
      return { ...stretch, layer: 'session', parts, usesModel: parts.length > 1 && index >= tooOldSessions };
    });
  }
  const last = sessions.at(-1);
  const stands = held.some(({ record, to }) => record.layer === 'relationship' && to === last?.to);
  if (!last || stands || last.to >= times.length) return [];
  return [{ from: 0, to: last.to, layer: 'relationship', parts: sessions, usesModel: true }];
}

function isSameCover(left: SummaryRecord, right: SummaryRecord): boolean {
  return left.layer === right.layer && left.fromId === right.fromId && left.coveredHash === right.coveredHash;
}
