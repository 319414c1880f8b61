import { memoryAccount } from '../memory-account.ts';
import { z } from 'zod';
import { localeSchema } from '../../../contract/common.ts';
import type { Clock } from '../../base/clock.ts';
import { UnavailableError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import { localizeCard, type CardText } from '../../character/card.ts';
import { readCharacterVersion } from '../../character/character-store.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import type { JobHandler, JobRun } from '../../jobs/job-worker.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { Storage } from '../../storage/storage.ts';
import { coveredHash, type CoveredView } from '../covered-view.ts';
import type { FactMemory } from '../facts/fact-memory.ts';
import { readMemorySettings } from '../memory-settings-store.ts';
import { readPairSeats } from '../pair-seats-store.ts';
import type { Pair } from '../pair-view.ts';
import type { QuietTime } from '../quiet-time.ts';
import { Covers } from '../summaries/cover.ts';
import { linesOf } from '../summaries/lines-of-layer.ts';
import { DIARY_JOB } from '../summaries/summarise-conversation.ts';
import { readSummary, type SummaryRecord } from '../summaries/summary-store.ts';
import { insertPage, listPages } from './diary-store.ts';
import { writePage } from './write-page.ts';

/** A page that a model failed to write so often stays unwritten. */
const MOST_TRIES = 4;

const payloadSchema = z.object({ summaryId: z.string() });

export interface DiaryKeeperOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  clock: Clock;
  newId: NewId;
  quiet: QuietTime;
  models: ModelDirectory;
  memories: { view(pair: Pair): Promise<CoveredView> };
  facts: Pick<FactMemory, 'rules'>;
}

interface Session {
  record: SummaryRecord;
  view: CoveredView;
  covered: readonly string[];
  writer: { name: string; card: string };
}

/**
 * Has the character write a page about a session that has closed, once: where a page of that day and conversation holds,
 * or the session does not any more, there is nothing to do. Without a model nobody writes.
 */
export class DiaryKeeper implements JobHandler {
  readonly name = DIARY_JOB;
  readonly #options: DiaryKeeperOptions;
  readonly #covers = new Covers();

  constructor(options: DiaryKeeperOptions) {
    this.#options = options;
  }

  async run({ payload, attempts }: JobRun, signal: AbortSignal): Promise<'done'> {
    const { summaryId } = payloadSchema.parse(payload);
    const session = await this.#session(summaryId);
    if (!session || attempts > MOST_TRIES) return 'done';
    try {
      await this.#write(session, signal);
    } catch (error) {
      // Without a model there is nobody who could write.
      if (!(error instanceof UnavailableError && error.code === 'no-model')) throw error;
    }
    return 'done';
  }

  async #write(session: Session, signal: AbortSignal): Promise<void> {
    const { record, view, covered, writer } = session;
    const offered = await this.#options.models.resolve(null, signal);
    const model = offered.billed({ account: memoryAccount(record) });
    const rules = await this.#options.facts.rules(record);
    const { lines } = linesOf({ layer: 'scene', covered, parts: [], view, rules, facts: [] });
    const page = await this.#options.quiet.run(
      (undisturbed) => writePage({ writer, lines, model, signal: undisturbed }),
      signal,
    );
    if (page) await this.#keep(session, page);
  }

  /** Undefined where no page is to be written. */
  async #session(summaryId: string): Promise<Session | undefined> {
    const { storage, memories } = this.#options;
    const record = await readSummary(storage.db, summaryId);
    if (!record) return undefined;
    const settings = await readMemorySettings(storage.db, record);
    const conversation = await readConversation(storage.db, { id: record.conversationId, ownerId: record.ownerId });
    if (!conversation || conversation.memory === 'private' || !settings.diary || !settings.distil) return undefined;
    const view = await memories.view(record);
    const [held] = this.#covers.held(view, record.conversationId, [record]);
    if (!held || (await this.#isTold(record, view))) return undefined;
    const { character: seat } = await readPairSeats(storage.db, record);
    const character = await readCharacterVersion(
      storage.db,
      seat?.characterVersionId ?? conversation.characterVersionId,
    );
    if (!character) return undefined;
    const card = localizeCard(character.version.card, localeSchema.catch('en').parse(conversation.locale));
    return {
      record,
      view,
      covered: view.path(record.conversationId).slice(held.from, held.to + 1),
      writer: { name: card.called, card: describe(card) },
    };
  }

  async #isTold({ ownerId, characterId, conversationId, toId }: SummaryRecord, view: CoveredView): Promise<boolean> {
    const pages = await listPages(this.#options.storage.db, { ownerId, characterId });
    const at = view.turn(toId)?.at;
    return pages.some(
      (page) =>
        page.conversationId === conversationId &&
        page.at === at &&
        coveredHash(view, page.sources) === page.coveredHash,
    );
  }

  async #keep({ record }: Session, { text, sources }: { text: string; sources: string[] }): Promise<void> {
    const { storage, clock, newId, memories, facts } = this.#options;
    const { ownerId, characterId, conversationId, toId } = record;
    const view = await memories.view(record);
    const hash = coveredHash(view, sources);
    const rules = await facts.rules(record);
    // Changed or forgotten while it was written.
    if (hash === null || rules.forbidsWords(text) || sources.some((id) => rules.forbids(id, ''))) return;
    const now = clock.now();
    await storage.transaction(async (trx) => {
      const conversation = await readConversation(trx, { id: conversationId, ownerId });
      if (!conversation || conversation.memory === 'private') return;
      await insertPage(trx, {
        id: newId(),
        ownerId,
        characterId,
        conversationId,
        text,
        sources,
        coveredHash: hash,
        by: 'character',
        at: view.turn(toId)?.at ?? now,
        createdAt: now,
        updatedAt: now,
      });
    });
  }
}

/** What of a card says who its character is. Macros stand for names. */
function describe({ called, description, personality }: CardText): string {
  return [personality, description]
    .filter((text) => text.trim() !== '')
    .join('\n')
    .replaceAll(/\{\{char\}\}/giu, called)
    .replaceAll(/\{\{[^{}]*\}\}/gu, '');
}
