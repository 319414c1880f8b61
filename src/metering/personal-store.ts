import type { Db, Trx } from '../storage/storage.ts';
import { accountOf } from './accounts-of-ledger.ts';

/** What a person used, oldest first; those after `after`. */
export async function listCallsOf(db: Db, { userId, after, limit }: { userId: string; after: string; limit: number }) {
  return db
    .selectFrom('meteredCall')
    .selectAll()
    .where('userId', '=', userId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Whom calls that have ended were for, where and with whom: what was billed stays, without that. */
export async function cutCallsOf(trx: Trx, userId: string): Promise<void> {
  const calls = trx.selectFrom('meteredCall').select('id').where('userId', '=', userId).where('state', '!=', 'held');
  await trx
    .updateTable('event')
    .set({ actorId: 'deleted' })
    .where('type', '=', 'model-use')
    .where('subjectId', 'in', calls)
    .execute();
  await trx
    .updateTable('meteredCall')
    .set({ userId: 'deleted', keyId: null, characterId: null, conversationId: null, requestId: null })
    .where('userId', '=', userId)
    .where('state', '!=', 'held')
    .execute();
}

/** Words about a person's credit, the plan and the budgets that are about them or their keys. */
export async function forgetPayer(trx: Trx, userId: string): Promise<void> {
  const accountId = accountOf({ userId, teamId: null });
  const lines = trx.selectFrom('ledgerLine').select('entryId').where('accountId', '=', accountId);
  await trx.updateTable('ledgerEntry').set({ note: '' }).where('id', 'in', lines).where('note', '!=', '').execute();
  await trx.deleteFrom('planMember').where('userId', '=', userId).execute();
  const keys = trx.selectFrom('apiKey').select('id').where('userId', '=', userId);
  const budgets = trx
    .selectFrom('budget')
    .select('id')
    .where((where) =>
      where.or([
        where.and([where('scope', '=', 'user'), where('subject', '=', userId)]),
        where.and([where('scope', '=', 'key'), where('subject', 'in', keys)]),
      ]),
    );
  await trx.deleteFrom('budgetPeriod').where('budgetId', 'in', budgets).execute();
  await trx
    .deleteFrom('budget')
    .where((where) =>
      where.or([
        where.and([where('scope', '=', 'user'), where('subject', '=', userId)]),
        where.and([where('scope', '=', 'key'), where('subject', 'in', keys)]),
      ]),
    )
    .execute();
}
