import type { SaveBudget } from '../../contract/platform-books.ts';
import type { Clock } from '../base/clock.ts';
import { NotFoundError } from '../base/errors.ts';
import type { NewId } from '../base/ids.ts';
import type { Row } from '../storage/schema.ts';
import type { Db, Storage } from '../storage/storage.ts';
import { readBooksSettings } from './books-settings.ts';
import {
  deleteBudget,
  insertBudget,
  insertSpan,
  listBudgets,
  readSpans,
  sumSpent,
  updateBudgetLimits,
  type BudgetRow,
} from './budget-store.ts';
import { createHouseCalendar, type HouseCalendar } from './house-calendar.ts';
import type { Payer } from './meter.ts';

interface Known {
  budgets: readonly BudgetRow[];
  calendar: HouseCalendar;
}

/** A budget with the span that is now. */
export interface BudgetNow {
  budget: BudgetRow;
  span: string;
  /** Null where nothing was used in it yet. */
  used: Row<'budgetPeriod'> | null;
  endsAt: number | null;
}

/** Limits of spending, kept in memory because every call asks for them; one server works on a database at a time. */
export class Budgets {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #newId: NewId;
  #known: Known | null = null;

  constructor({ storage, clock, newId }: { storage: Storage; clock: Clock; newId: NewId }) {
    this.#storage = storage;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Ids of the spans in which a call counts that begins now. */
  async spansFor(call: { payer: Payer; model: string }): Promise<string[]> {
    const { budgets, calendar } = await this.#read();
    if (budgets.length === 0) return [];
    const now = this.#clock.now();
    return budgets.filter((budget) => isAbout(budget, call)).map((budget) => spanId(budget, calendar, now));
  }

  async list(): Promise<BudgetNow[]> {
    const { budgets, calendar } = await this.#read();
    const now = this.#clock.now();
    const ids = budgets.map((budget) => spanId(budget, calendar, now));
    const spans = await readSpans(this.#storage.db, ids);
    return budgets.map((budget, index) => ({
      budget,
      span: spanName(budget, calendar, now),
      used: spans.get(ids[index] ?? '') ?? null,
      endsAt: budget.period === 'total' ? null : calendar.endOf(now, periodOf(budget)),
    }));
  }

  /** What was billed in its first span already counts; a `total` begins now. */
  async create(budget: SaveBudget, actorId: string): Promise<string> {
    const id = this.#newId();
    const { calendar } = await this.#read();
    const createdAt = this.#clock.now();
    const row = { ...budget, id, actorId, createdAt };
    await this.#storage.transaction(async (trx) => {
      await insertBudget(trx, row);
      const from = row.period === 'total' ? createdAt : calendar.startOf(createdAt, periodOf(row));
      const spent = await sumSpent(trx, { ...row, from });
      const period = spanName(row, calendar, createdAt);
      await insertSpan(trx, {
        id: `${id}:${period}`,
        budgetId: id,
        period,
        spent,
        held: 0,
        softAt: null,
        hardAt: null,
      });
    });
    this.forget();
    return id;
  }

  /** Throws `NotFoundError`. */
  async change(id: string, limits: Pick<SaveBudget, 'softLimit' | 'hardLimit'>): Promise<void> {
    const isThere = await this.#storage.transaction((trx) => updateBudgetLimits(trx, { id, ...limits }));
    this.forget();
    if (!isThere) throw new NotFoundError('There is no such budget.');
  }

  /** Throws `NotFoundError`. */
  async remove(id: string): Promise<void> {
    const wasThere = await this.#storage.transaction((trx) => deleteBudget(trx, id));
    this.forget();
    if (!wasThere) throw new NotFoundError('There is no such budget.');
  }

  /** They are read again when they are needed. */
  forget(): void {
    this.#known = null;
  }

  async #read(): Promise<Known> {
    return (this.#known ??= await readKnown(this.#storage.db));
  }
}

async function readKnown(db: Db): Promise<Known> {
  const { timeZone } = await readBooksSettings(db);
  return { budgets: await listBudgets(db), calendar: createHouseCalendar(timeZone) };
}

function isAbout({ scope, subject }: BudgetRow, { payer, model }: { payer: Payer; model: string }): boolean {
  switch (scope) {
    case 'user':
      return payer.userId === subject;
    case 'team':
      return payer.teamId === subject;
    case 'key':
      return payer.keyId === subject;
    case 'model':
      return model === subject;
    default:
      return scope === 'all';
  }
}

function periodOf({ period }: Pick<BudgetRow, 'period'>): 'day' | 'month' {
  return period === 'day' ? 'day' : 'month';
}

function spanName(budget: Pick<BudgetRow, 'period'>, calendar: HouseCalendar, now: number): string {
  return budget.period === 'total' ? 'total' : calendar.nameOf(now, periodOf(budget));
}

function spanId(budget: BudgetRow, calendar: HouseCalendar, now: number): string {
  return `${budget.id}:${spanName(budget, calendar, now)}`;
}
