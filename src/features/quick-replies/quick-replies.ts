import {
  MOST_QUICK_REPLY_SETS,
  type ImportQuickReplies,
  type QuickReplySet,
  type SaveQuickReplySet,
} from '../../../contract/quick-replies.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { InvalidInputError, NotFoundError, TooLargeError } from '../../base/errors.ts';
import { readCharacter } from '../../character/character-store.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { findSeat } from '../../conversation/participant-store.ts';
import type { NewId } from '../../base/ids.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import {
  countQuickReplySets,
  deleteQuickReplySet,
  insertQuickReplySet,
  listQuickReplySets,
  readQuickReplySet,
  updateQuickReplySet,
} from '../../conversation/quick-reply-store.ts';
import { readQuickReplyFile, type SkippedReply } from './read-quick-reply-file.ts';

export interface QuickRepliesContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
}

/** Buttons above the message box: a person's own, and nobody else's. */
export class QuickReplies {
  readonly #context: QuickRepliesContext;

  constructor(context: QuickRepliesContext) {
    this.#context = context;
  }

  list(actor: Actor): Promise<QuickReplySet[]> {
    return listQuickReplySets(this.#context.storage.db, actor.userId);
  }

  async create(actor: Actor, set: SaveQuickReplySet): Promise<QuickReplySet> {
    await this.#requireSubject(actor, set);
    const { storage, clock, newId } = this.#context;
    const key = { id: newId(), ownerId: actor.userId };
    return storage.transaction(async (trx) => {
      if ((await countQuickReplySets(trx, actor.userId)) >= MOST_QUICK_REPLY_SETS) {
        throw new TooLargeError(`There are ${MOST_QUICK_REPLY_SETS} sets already: delete one first.`, {
          code: 'too-many-quick-replies',
        });
      }
      await insertQuickReplySet(trx, { ...key, set, now: clock.now() });
      return requireSet(trx, key);
    });
  }

  async save(actor: Actor, id: string, set: SaveQuickReplySet): Promise<QuickReplySet> {
    const { storage, clock } = this.#context;
    const key = { id, ownerId: actor.userId };
    const before = await requireSet(storage.db, key);
    // What it hung on may be gone by now; it may stay there.
    if (before.scope !== set.scope || before.subjectId !== set.subjectId) await this.#requireSubject(actor, set);
    return storage.transaction(async (trx) => {
      await updateQuickReplySet(trx, { ...key, set, now: clock.now() });
      return requireSet(trx, key);
    });
  }

  async delete(actor: Actor, id: string): Promise<void> {
    const { storage } = this.#context;
    const gone = await storage.transaction((trx) => deleteQuickReplySet(trx, { id, ownerId: actor.userId }));
    if (!gone) throw notFound();
  }

  /** Throws `InvalidInputError` that says what is wrong with the file. */
  async import(
    actor: Actor,
    { file, scope, subjectId }: ImportQuickReplies,
  ): Promise<{ set: QuickReplySet; skipped: SkippedReply[] }> {
    const { name, replies, skipped } = readQuickReplyFile(file);
    return { set: await this.create(actor, { name, scope, subjectId, on: true, replies }), skipped };
  }

  async #requireSubject(actor: Actor, { scope, subjectId }: SaveQuickReplySet): Promise<void> {
    if (scope === 'everywhere') {
      if (subjectId === null) return;
      throw new InvalidInputError('A set for everywhere has no subject.', { field: 'subjectId' });
    }
    if (subjectId === null) throw new InvalidInputError(`Say which ${scope} the set is for.`, { field: 'subjectId' });
    const { db } = this.#context.storage;
    const found =
      scope === 'character'
        ? await readCharacter(db, { id: subjectId, userId: actor.userId })
        : ((await readConversation(db, { id: subjectId, ownerId: actor.userId })) ??
          (await findSeat(db, { conversationId: subjectId, userId: actor.userId })));
    if (!found) throw new NotFoundError(`There is no such ${scope}.`);
  }
}

async function requireSet(db: Storage['db'] | Trx, key: { id: string; ownerId: string }): Promise<QuickReplySet> {
  const set = await readQuickReplySet(db, key);
  if (!set) throw notFound();
  return set;
}

function notFound(): NotFoundError {
  return new NotFoundError('There is no such set of quick replies.');
}
