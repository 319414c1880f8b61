import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '../../../client/api-error.ts';
import { lorebookBodySchema, loreEntrySchema, type LorebookBody } from '../../../contract/lore.ts';
import { applyLorebookChange, type LorebookChange } from '../../../contract/lorebook-changes.ts';
import { BookDraft, type DraftHome } from './book-draft.ts';

const entry = (uid: string, content = uid) => loreEntrySchema.parse({ uid, content });
const bookOf = (...uids: string[]) => lorebookBodySchema.parse({ name: 'B', entries: uids.map((uid) => entry(uid)) });
const contents = (body: LorebookBody) => body.entries.map(({ uid, content }) => `${uid}=${content}`).join(' ');
const edit = (uid: string, content: string): LorebookChange => ({
  type: 'entry-edit',
  uids: [uid],
  fields: { content },
});

/** A server with one book, as the routes behave: it refuses what was made on another revision. */
class Shelf implements DraftHome {
  body: LorebookBody;
  revision = 1;
  #looked = 1;
  readonly received: LorebookChange[][] = [];
  failure: Error | null = null;

  constructor(body: LorebookBody) {
    this.body = body;
  }

  async save(changes: readonly LorebookChange[]): Promise<void> {
    if (this.failure) throw this.failure;
    if (this.#looked !== this.revision) {
      throw new ApiError({ code: 'revision-conflict', message: 'Changed.', status: 409, retryable: false });
    }
    this.received.push([...changes]);
    for (const change of changes) this.body = applied(this.body, change);
    this.#looked = this.revision += 1;
  }

  async reload(): Promise<LorebookBody> {
    this.#looked = this.revision;
    return this.body;
  }

  /** Another window saves. */
  elsewhere(change: LorebookChange): void {
    this.body = applied(this.body, change);
    this.revision += 1;
  }
}

function applied(body: LorebookBody, change: LorebookChange): LorebookBody {
  const after = applyLorebookChange(body, change);
  if (typeof after === 'string') throw new Error(after);
  return after;
}

function open(...uids: string[]) {
  const shelf = new Shelf(bookOf(...uids));
  return { shelf, draft: new BookDraft({ body: shelf.body, home: shelf, autosaveAfter: null }) };
}

describe('a draft', () => {
  test('shows a change at once and sends typing as one step', async () => {
    const { shelf, draft } = open('a', 'b');
    draft.apply(edit('a', 'x'));
    draft.apply(edit('a', 'xy'));
    draft.apply({ type: 'entry-remove', uids: ['b'] });
    expect(draft.get()).toMatchObject({ state: 'unsaved' });
    expect(contents(draft.get().body)).toBe('a=xy');
    await draft.save();
    expect(draft.get().state).toBe('saved');
    expect(shelf.received).toEqual([[edit('a', 'xy'), { type: 'entry-remove', uids: ['b'] }]]);
  });

  test('saves by itself after a pause', async () => {
    vi.useFakeTimers();
    try {
      const shelf = new Shelf(bookOf('a'));
      const draft = new BookDraft({ body: shelf.body, home: shelf, autosaveAfter: 500 });
      draft.apply(edit('a', '1'));
      await vi.advanceTimersByTimeAsync(400);
      draft.apply(edit('a', '2'));
      await vi.advanceTimersByTimeAsync(400);
      expect(draft.get().state).toBe('unsaved');
      await vi.advanceTimersByTimeAsync(200);
      expect(draft.get().state).toBe('saved');
      expect(contents(shelf.body)).toBe('a=2');
    } finally {
      vi.useRealTimers();
    }
  });

  test('takes a change back', () => {
    const { draft } = open('a', 'b', 'c');
    const undoRemoval = draft.apply({ type: 'entry-remove', uids: ['a', 'c'] });
    expect(contents(draft.get().body)).toBe('b=b');
    undoRemoval?.();
    expect(contents(draft.get().body)).toBe('a=a b=b c=c');
    draft.apply({ type: 'entry-edit', uids: ['b'], fields: { enabled: false } });
    const undoAll = draft.apply({ type: 'entry-edit', uids: ['a', 'b', 'c'], fields: { enabled: false } });
    undoAll?.();
    expect(draft.get().body.entries.map(({ enabled }) => enabled)).toEqual([true, false, true]);
    const undoMove = draft.apply({ type: 'entry-move', uid: 'a', index: 2 });
    undoMove?.();
    expect(contents(draft.get().body)).toBe('a=a b=b c=c');
    expect(draft.apply(edit('zzz', 'x'))).toBeUndefined();
  });

  test('keeps what could not be sent, and sends it later', async () => {
    const { shelf, draft } = open('a');
    shelf.failure = new ApiError({ code: 'unreachable', message: 'Away.', status: 0, retryable: true });
    draft.apply(edit('a', 'x'));
    await draft.save();
    expect(draft.get()).toMatchObject({ state: 'failed', error: shelf.failure });
    shelf.failure = null;
    draft.apply({ type: 'entry-insert', entries: [{ index: 1, entry: entry('n') }] });
    await draft.save();
    expect(contents(shelf.body)).toBe('a=x n=n');
  });
});

describe('a draft that meets another window', () => {
  test('takes over what does not touch its own changes', async () => {
    const { shelf, draft } = open('a', 'b');
    shelf.elsewhere(edit('b', 'theirs'));
    draft.apply(edit('a', 'mine'));
    await draft.save();
    await vi.waitFor(() => expect(draft.get().state).toBe('saved'), { timeout: 20_000 });
    expect(contents(shelf.body)).toBe('a=mine b=theirs');
    expect(contents(draft.get().body)).toBe('a=mine b=theirs');
  });

  test.each([
    ['mine', 'a=mine b=b'],
    ['theirs', 'a=theirs b=b'],
  ] as const)('asks where both changed the same; %s', async (whose, expected) => {
    const { shelf, draft } = open('a', 'b');
    shelf.elsewhere(edit('a', 'theirs'));
    draft.apply(edit('a', 'mine'));
    await draft.save();
    expect(draft.get()).toMatchObject({ state: 'conflict', theirs: { entries: [{ content: 'theirs' }, {}] } });
    expect(contents(draft.get().body)).toBe('a=mine b=b');
    await draft.resolve(whose);
    expect(draft.get().state).toBe('saved');
    expect(contents(shelf.body)).toBe(expected);
    expect(contents(draft.get().body)).toBe(expected);
  });

  test('brings back what they removed when mine shall stay', async () => {
    const { shelf, draft } = open('a', 'b', 'c');
    shelf.elsewhere({ type: 'entry-remove', uids: ['b'] });
    draft.apply({ type: 'entry-edit', uids: ['a', 'b'], fields: { content: 'mine' } });
    await draft.save();
    expect(draft.get().state).toBe('conflict');
    await draft.resolve('mine');
    expect(contents(shelf.body)).toBe('a=mine b=mine c=c');
  });
});
