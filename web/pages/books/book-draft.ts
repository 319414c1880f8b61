import { ApiError } from '../../../client/api-error.ts';
import type { LorebookBody, LoreEntry } from '../../../contract/lore.ts';
import { applyLorebookChange, type LorebookChange } from '../../../contract/lorebook-changes.ts';
import { inverseOf } from './inverse-change.ts';

/**
 * States of a draft.
 * - `saved`: the server has everything. Entered when the last waiting change was taken.
 * - `unsaved`: changes wait, for the pause after typing or for the save button.
 * - `saving`: some of them are on their way.
 * - `failed`: the server did not take them; `error` says why. Left by saving again or by the next change.
 * - `conflict`: the same was changed elsewhere; `theirs` is the newest state. Left by `resolve`.
 */
export type DraftState = 'saved' | 'unsaved' | 'saving' | 'failed' | 'conflict';

export interface DraftSnapshot {
  /** The book as it stands on this page. */
  body: LorebookBody;
  state: DraftState;
  error: unknown;
  theirs: LorebookBody | null;
}

/** How a draft reaches the server. Remembers the revision or version it looked at. */
export interface DraftHome {
  /** Rejects with an `ApiError` of status 409 when there is a newer state. */
  save(changes: readonly LorebookChange[], body: LorebookBody): Promise<void>;
  /** The newest state; saves after it go on from there. */
  reload(): Promise<LorebookBody>;
}

export interface BookDraftOptions {
  body: LorebookBody;
  home: DraftHome;
  /** Ms after the last change; null = only when asked. */
  autosaveAfter: number | null;
}

/** A book being edited: changes show at once, travel in small steps, and meet those of other windows. */
export class BookDraft {
  readonly #home: DraftHome;
  readonly #autosaveAfter: number | null;
  readonly #listeners = new Set<() => void>();
  /** What the server has. */
  #base: LorebookBody;
  #waiting: LorebookChange[] = [];
  #snapshot: DraftSnapshot;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<void> | null = null;

  constructor({ body, home, autosaveAfter }: BookDraftOptions) {
    this.#base = body;
    this.#home = home;
    this.#autosaveAfter = autosaveAfter;
    this.#snapshot = { body, state: 'saved', error: null, theirs: null };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): DraftSnapshot => this.#snapshot;

  get autosaves(): boolean {
    return this.#autosaveAfter !== null;
  }

  /** Makes a change; the returned function takes it back. Undefined when it cannot be made. */
  apply(change: LorebookChange): (() => void) | undefined {
    const before = this.#snapshot.body;
    const after = applyLorebookChange(before, change);
    if (typeof after === 'string') return undefined;
    const inverse = inverseOf(before, change);
    this.#waiting = withChange(this.#waiting, change);
    const { state } = this.#snapshot;
    this.#show({ body: after, state: state === 'saving' || state === 'conflict' ? state : 'unsaved' });
    this.#schedule();
    return () => {
      for (const step of inverse) this.apply(step);
    };
  }

  /** Sends what waits; resolves when nothing is on its way any more. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#work) await this.#work;
    if (this.#waiting.length === 0 || this.#snapshot.state === 'conflict') return;
    this.#work = this.#send().finally(() => {
      this.#work = null;
    });
    await this.#work;
  }

  /** Ends a conflict: with one's own changes on top of theirs, or without them. */
  async resolve(whose: 'mine' | 'theirs'): Promise<void> {
    const { theirs, body } = this.#snapshot;
    if (theirs === null) return;
    this.#base = theirs;
    this.#waiting = whose === 'mine' ? this.#waiting.flatMap((change) => fitted(change, { mine: body, theirs })) : [];
    this.#show({
      body: replay(theirs, this.#waiting),
      state: this.#waiting.length === 0 ? 'saved' : 'unsaved',
      theirs: null,
    });
    if (whose === 'mine') await this.save();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#autosaveAfter === null || this.#snapshot.state === 'conflict') return;
    this.#timer = setTimeout(() => void this.save(), this.#autosaveAfter);
  }

  async #send(): Promise<void> {
    const sent = this.#waiting;
    const { body } = this.#snapshot;
    this.#waiting = [];
    this.#show({ state: 'saving', error: null });
    try {
      await this.#home.save(sent, body);
      this.#base = body;
      this.#show({ state: this.#waiting.length === 0 ? 'saved' : 'unsaved' });
    } catch (error) {
      this.#waiting = [...sent, ...this.#waiting];
      if (error instanceof ApiError && error.status === 409) await this.#meet();
      else this.#show({ state: 'failed', error });
    }
  }

  /** What others changed is taken over where it does not touch the changes made here. */
  async #meet(): Promise<void> {
    try {
      const theirs = await this.#home.reload();
      if (this.#waiting.some((change) => isTouched(change, { base: this.#base, theirs }))) {
        this.#show({ state: 'conflict', theirs });
        return;
      }
      this.#base = theirs;
      this.#show({ body: replay(theirs, this.#waiting), state: 'unsaved' });
      this.#timer = setTimeout(() => void this.save(), 0);
    } catch (error) {
      this.#show({ state: 'failed', error });
    }
  }

  #show(change: Partial<DraftSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Typing makes one change of many. */
function withChange(waiting: readonly LorebookChange[], change: LorebookChange): LorebookChange[] {
  const last = waiting.at(-1);
  if (last?.type === 'entry-edit' && change.type === 'entry-edit' && last.uids.join('\n') === change.uids.join('\n')) {
    return [...waiting.slice(0, -1), { ...last, fields: { ...last.fields, ...change.fields } }];
  }
  if (last?.type === 'book-edit' && change.type === 'book-edit') {
    return [...waiting.slice(0, -1), { ...last, fields: { ...last.fields, ...change.fields } }];
  }
  return [...waiting, change];
}

function replay(body: LorebookBody, changes: readonly LorebookChange[]): LorebookBody {
  return changes.reduce((current, change) => {
    const next = applyLorebookChange(current, change);
    return typeof next === 'string' ? current : next;
  }, body);
}

const settingsOf = (body: LorebookBody) => JSON.stringify({ ...body, entries: [], foreign: {} });

/** True when somebody else changed what this change is about. */
function isTouched(change: LorebookChange, { base, theirs }: { base: LorebookBody; theirs: LorebookBody }): boolean {
  if (change.type === 'book-edit') return settingsOf(base) !== settingsOf(theirs);
  if (change.type === 'entry-insert') return typeof applyLorebookChange(theirs, change) === 'string';
  const uids = uidsOf(change);
  const find = (body: LorebookBody) => new Map(body.entries.map((entry) => [entry.uid, entry]));
  const [before, now] = [find(base), find(theirs)];
  // An entry that was made here since is in neither.
  return uids.some((uid) => !isSame(before.get(uid), now.get(uid)));
}

function uidsOf(change: Exclude<LorebookChange, { type: 'book-edit' | 'entry-insert' }>): readonly string[] {
  if (change.type === 'entry-move') return [change.uid];
  return change.type === 'entry-order' ? change.orders.map(({ uid }) => uid) : change.uids;
}

function isSame(a: LoreEntry | undefined, b: LoreEntry | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** A change as it can be made on their book: entries they removed come back as they are here, unless they are gone here, too. */
function fitted(
  change: LorebookChange,
  { mine, theirs }: { mine: LorebookBody; theirs: LorebookBody },
): LorebookChange[] {
  if (change.type === 'book-edit' || change.type === 'entry-insert') return [change];
  const there = new Set(theirs.entries.map(({ uid }) => uid));
  const missing = new Set(uidsOf(change).filter((uid) => !there.has(uid)));
  if (missing.size === 0) return [change];
  const returning = mine.entries.flatMap((entry, index) => (missing.has(entry.uid) ? [{ index, entry }] : []));
  const rest = onlyThere(change, there);
  return [...(returning.length > 0 ? [{ type: 'entry-insert' as const, entries: returning }] : []), ...rest];
}

/** The part of a change that is about these entries. */
function onlyThere(change: LorebookChange, there: ReadonlySet<string>): LorebookChange[] {
  if (change.type === 'entry-order') {
    const orders = change.orders.filter(({ uid }) => there.has(uid));
    return orders.length > 0 ? [{ ...change, orders }] : [];
  }
  if (change.type !== 'entry-edit' && change.type !== 'entry-remove') return [];
  const uids = change.uids.filter((uid) => there.has(uid));
  return uids.length > 0 ? [{ ...change, uids }] : [];
}
