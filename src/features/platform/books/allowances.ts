import type { PlanList, SavePlan } from '../../../../contract/platform-books.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import { NotFoundError } from '../../../base/errors.ts';
import { readBooksSettings } from '../../../metering/books-settings.ts';
import { namesOf } from '../../../metering/usage-store.ts';
import type { BooksContext } from './books-context.ts';

/** Plans as the owner gives them. */
export class Allowances {
  readonly #context: Pick<BooksContext, 'storage' | 'ledger'>;

  constructor(context: Pick<BooksContext, 'storage' | 'ledger'>) {
    this.#context = context;
  }

  /** Everybody may know the plans; who is on them, only the owner. */
  async list(actor: Actor): Promise<PlanList> {
    const { storage, ledger } = this.#context;
    const { currency } = await readBooksSettings(storage.db);
    const plans = await ledger.plans.list();
    if (actor.role === 'owner') return { currency, plans };
    const own = ({ members }: { members: string[] }) => members.filter((id) => id === actor.userId);
    return { currency, plans: plans.map((plan) => ({ ...plan, members: own(plan) })) };
  }

  async create(actor: Actor, plan: SavePlan): Promise<PlanList> {
    requireOwner(actor);
    await this.#context.ledger.plans.create(plan);
    return this.list(actor);
  }

  async change(actor: Actor, id: string, plan: SavePlan): Promise<PlanList> {
    requireOwner(actor);
    await this.#context.ledger.plans.change(id, plan);
    return this.list(actor);
  }

  async remove(actor: Actor, id: string): Promise<PlanList> {
    requireOwner(actor);
    await this.#context.ledger.plans.remove(id);
    return this.list(actor);
  }

  async choose(actor: Actor, userId: string, planId: string | null): Promise<PlanList> {
    requireOwner(actor);
    const people = await namesOf(this.#context.storage.db, 'user', [userId]);
    if (people.size === 0) throw new NotFoundError('There is no such person.');
    await this.#context.ledger.plans.choose(userId, planId);
    return this.list(actor);
  }
}
