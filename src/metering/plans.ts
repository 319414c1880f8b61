import type { SavePlan } from '../../contract/platform-books.ts';
import type { Clock } from '../base/clock.ts';
import { NotFoundError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Storage } from '../storage/storage.ts';
import { readAccount } from './account-store.ts';
import { accountOf } from './accounts-of-ledger.ts';
import { readBooksSettings } from './books-settings.ts';
import { createHouseCalendar } from './house-calendar.ts';
import type { Credit } from './operation.ts';
import {
  deletePlan,
  insertPlan,
  joinPlan,
  leavePlan,
  listPlanMembers,
  listPlans,
  listUngranted,
  noteGrant,
  sumBilled,
  updatePlan,
} from './plan-store.ts';

export interface PlansOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  credit: (credit: Credit) => Promise<void>;
}

/** Monthly allowances. Every month is granted once, by its key, however often it is tried. */
export class Plans {
  readonly #options: PlansOptions;

  constructor(options: PlansOptions) {
    this.#options = options;
  }

  async list() {
    const { db } = this.#options.storage;
    const members = await listPlanMembers(db);
    return (await listPlans(db)).map(({ id, name, allowance, rollover }) => ({
      id,
      name,
      allowance,
      rollover: rollover === 1,
      members: members.filter(({ planId }) => planId === id).map(({ userId }) => userId),
    }));
  }

  async create({ name, allowance, rollover }: SavePlan): Promise<void> {
    const { storage, clock, newId } = this.#options;
    await insertPlan(storage.db, { id: newId(), name, allowance, rollover: rollover ? 1 : 0, createdAt: clock.now() });
  }

  /** From the next month on. Throws `NotFoundError`. */
  async change(id: string, { name, allowance, rollover }: SavePlan): Promise<void> {
    const row = { id, name, allowance, rollover: rollover ? 1 : 0 };
    if (!(await updatePlan(this.#options.storage.db, row))) throw noSuchPlan();
  }

  /** What was granted stays. Throws `NotFoundError`. */
  async remove(id: string): Promise<void> {
    if (!(await this.#options.storage.transaction((trx) => deletePlan(trx, id)))) throw noSuchPlan();
  }

  /** Puts a person on a plan, or on none; the month that is now is granted at once. Throws `NotFoundError`. */
  async choose(userId: string, planId: string | null): Promise<void> {
    const { storage, clock } = this.#options;
    if (planId === null) return leavePlan(storage.db, userId);
    if (!(await listPlans(storage.db)).some(({ id }) => id === planId)) throw noSuchPlan();
    await joinPlan(storage.db, { userId, planId, now: clock.now() });
    await this.grantDue();
  }

  /** Gives everybody this month's allowance who has not got it, and takes back what lapses. */
  async grantDue(): Promise<void> {
    const { storage, clock } = this.#options;
    const now = clock.now();
    const { timeZone } = await readBooksSettings(storage.db);
    const month = createHouseCalendar(timeZone).nameOf(now, 'month');
    for (const member of await listUngranted(storage.db, month)) await this.#grant(member, { month, now });
  }

  async #grant(
    member: Awaited<ReturnType<typeof listUngranted>>[number],
    { month, now }: { month: string; now: number },
  ): Promise<void> {
    const { storage, credit } = this.#options;
    const { userId, name, allowance, rollover } = member;
    const accountId = accountOf({ userId, teamId: null });
    if (rollover === 0) await this.#lapse(accountId, { ...member, month });
    if (allowance > 0) {
      const key = `grant:${userId}:${month}`;
      await credit({ accountId, amount: allowance, kind: 'grant', key, actorId: null, note: `${name}, ${month}` });
    }
    await noteGrant(storage.db, { userId, month, amount: allowance, now });
  }

  /** Of the last grant, what was not spent since. An allowance is spent before other credit. */
  async #lapse(
    accountId: string,
    {
      userId,
      name,
      month,
      grantedAmount,
      grantedAt,
    }: { userId: string; name: string; month: string; grantedAmount: number; grantedAt: number | null },
  ): Promise<void> {
    if (grantedAt === null || grantedAmount === 0) return;
    const { db } = this.#options.storage;
    const unspent = grantedAmount - (await sumBilled(db, { accountId, from: grantedAt }));
    const account = await readAccount(db, accountId);
    // What is set aside for calls under way may still be spent of it.
    const amount = Math.min(unspent, (account?.balance ?? 0) - (account?.held ?? 0));
    if (amount <= 0) return;
    const key = `lapse:${userId}:${month}`;
    await this.#options.credit({ accountId, amount: -amount, kind: 'lapse', key, actorId: null, note: name });
  }
}

function noSuchPlan(): NotFoundError {
  return new NotFoundError('There is no such plan.');
}
