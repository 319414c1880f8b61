import { personally } from '../../models/billing/payers.ts';
import { InvalidInputError, UnavailableError } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import { readConversations } from '../../conversation/conversation-store.ts';
import { giveHouseTitle, readHouseTitle, type HouseTitle } from '../../conversation/conversation-title-store.ts';
import { readPathUp } from '../../conversation/message-store.ts';
import { listParticipants } from '../../conversation/participant-store.ts';
import { hostSeat } from '../../conversation/seat.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { JobHandler, JobRun } from '../../jobs/job-worker.ts';
import { listUnremembered } from '../../memory/facts/rule-store.ts';
import type { QuietTime } from '../../memory/quiet-time.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import type { Storage } from '../../storage/storage.ts';
import { askTitle } from './ask-title.ts';
import { deservesSecond, isExchange, saysEnough, titleMaterial, type TitleMaterial } from './title-material.ts';
import { TITLE_JOB } from './title-changes.ts';
import { titleFromWords } from './title-words.ts';

/** Messages looked at, from the end of the path: a longer talk without a name is named by how it stands. */
const PATH_LENGTH = 60;

export interface NamerOptions {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  quiet: QuietTime;
  models: ModelDirectory;
  /** Whether a person wants conversations named. */
  wantsTitles(userId: string): Promise<boolean>;
  /** Tells whoever watches. */
  tellChange(conversation: ConversationRecord): Promise<void>;
}

interface Looked {
  conversation: ConversationRecord;
  given: HouseTitle | undefined;
  material: TitleMaterial;
  /** Of characters: alone they are no title. */
  names: string[];
}

type Named = { title: string; source: 'words' } | { title: string; source: 'model'; model: string; cost: Cost };
interface Cost {
  inputTokens: number;
  outputTokens: number;
}

/**
 * Names conversations after their first exchange, and once more where that was little. A conversation is *nameless* →
 * *named by the house* → named by the house again, at most once; a person's title ends it in every state. Never read:
 * whispers, asides, closed doors, what one of the humans did not hear, what is hidden, deleted or not to be remembered,
 * and private conversations.
 */
export class Namer implements JobHandler {
  readonly name = TITLE_JOB;
  readonly #options: NamerOptions;

  constructor(options: NamerOptions) {
    this.#options = options;
  }

  async run({ key }: JobRun, signal: AbortSignal): Promise<'done'> {
    const looked = await this.#look(key);
    if (!looked || !isExchange(looked.material)) return 'done';
    const { conversation, given, material, names } = looked;
    if (!given && !saysEnough(material, names)) return 'done';
    const model = await this.#model(conversation, signal);
    if (given && !deservesSecond(material, { given, canAsk: model !== null, names })) return 'done';
    const named = await this.#options.quiet.run(
      (undisturbed) => name(model, { material, names, signal: undisturbed }),
      signal,
    );
    if (named !== null && (await this.#keep(looked, named))) await this.#options.tellChange(conversation);
    return 'done';
  }

  /** Null where a person named it, or nobody wants it named. */
  async #look(conversationId: string): Promise<Looked | null> {
    const { storage, wantsTitles } = this.#options;
    const [conversation] = await readConversations(storage.db, [conversationId]);
    if (!conversation || conversation.deletedAt !== null || conversation.leafId === null) return null;
    if (conversation.memory === 'private' || !(await wantsTitles(conversation.ownerId))) return null;
    const given = await readHouseTitle(storage.db, conversationId);
    if (conversation.title !== (given?.title ?? null)) return null;
    const fromId = conversation.leafId;
    const path = await readPathUp(storage.db, { conversationId, fromId, limit: PATH_LENGTH });
    const participants = await listParticipants(storage.db, conversationId);
    const humans = participants.filter(({ kind, leftAt }) => kind === 'human' && leftAt === null);
    const ids = path.map(({ id }) => id);
    const material = titleMaterial({
      path,
      readers: humans.length === 0 ? [hostSeat(conversation)] : humans,
      unremembered: await listUnremembered(storage.db, { ownerId: conversation.ownerId, ids }),
    });
    const authors = path.filter(({ author }) => author.kind === 'character').map(({ author }) => author.name);
    const members = participants.filter(({ kind }) => kind === 'character').map(({ name: member }) => member);
    return { conversation, given, material, names: [...new Set([...members, ...authors])] };
  }

  /** Null where only the fallback is here, or none: a rule names better than the fallback. */
  async #model(conversation: ConversationRecord, signal: AbortSignal): Promise<ModelHandle | null> {
    const { id: conversationId, ownerId } = conversation;
    try {
      const model = await this.#options.models.resolve(conversation.model, signal);
      const account = { payer: personally(ownerId), purpose: 'title', conversationId } as const;
      return model.fallback ? null : model.billed({ account });
    } catch (error) {
      if (error instanceof UnavailableError || error instanceof InvalidInputError) return null;
      throw error;
    }
  }

  async #keep({ conversation, given, material }: Looked, named: Named): Promise<boolean> {
    const { storage, events, clock } = this.#options;
    const { id, ownerId } = conversation;
    const { title, source } = named;
    return storage.transaction(async (trx) => {
      const isGiven = await giveHouseTitle(trx, {
        conversationId: id,
        before: given?.title ?? null,
        title,
        messageCount: material.pathLength,
        source,
        createdAt: clock.now(),
      });
      if (!isGiven) return false;
      const spent = named.source === 'model' ? { model: named.model, ...named.cost } : {};
      await events.append(trx, {
        type: 'conversation-title',
        actorId: ownerId,
        subjectId: id,
        payload: { source, ...spent },
      });
      return true;
    });
  }
}

/** Null where a model that should be asked is not here now: the next exchange asks again. */
async function name(
  model: ModelHandle | null,
  { material, names, signal }: { material: TitleMaterial; names: readonly string[]; signal: AbortSignal },
): Promise<Named | null> {
  const { lines } = material;
  const said = lines.filter(({ isHuman }) => isHuman).map(({ text }) => text);
  const title = said.map((text) => titleFromWords(text, names)).find((words) => words !== null);
  const byWords: Named | null = title === undefined ? null : { title, source: 'words' };
  if (model === null) return byWords;
  try {
    const asked = await askTitle(model, { lines, names, signal });
    return asked.title === null ? byWords : { title: asked.title, source: 'model', model: model.ref, cost: asked.cost };
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'no-model') return null;
    if (error instanceof InvalidInputError) return byWords;
    throw error;
  }
}
