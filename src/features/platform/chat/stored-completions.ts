import type {
  ChatCompletion,
  ChatCompletionRequest,
  ChatMessage,
} from '../../../../contract/openai/chat-completions.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { NotFoundError } from '../../../base/errors.ts';
import type { Storage } from '../../../storage/storage.ts';
import {
  deleteCompletion,
  deleteCompletionsOf,
  findCompletionPlace,
  insertCompletion,
  listCompletions,
  readCompletion,
  updateCompletionMetadata,
  type StoredCompletion,
} from './stored-completion-store.ts';

/** Completions read at a time. */
const PAGE = 100;

export interface CompletionListRequest {
  model: string | null;
  /** Pairs that must be there. */
  metadata: Record<string, string>;
  after: string | null;
  order: 'asc' | 'desc';
  limit: number;
}

export interface OpenAiPage<T> {
  object: 'list';
  data: T[];
  first_id: string;
  last_id: string;
  has_more: boolean;
}

export type KeptMessage = ChatMessage & { id: string };

/** Chat completions that were kept because their requests said `store`. */
export class StoredCompletions {
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor({ storage, clock }: { storage: Storage; clock: Clock }) {
    this.#storage = storage;
    this.#clock = clock;
  }

  async keep(
    { userId: ownerId }: Actor,
    { request, completion }: { request: ChatCompletionRequest; completion: ChatCompletion },
  ): Promise<void> {
    const { messages, metadata } = request;
    const kept = { completion, messages, metadata: metadata ?? {}, ownerId };
    await insertCompletion(this.#storage.db, kept, this.#clock.now());
  }

  async list({ userId: ownerId }: Actor, request: CompletionListRequest): Promise<OpenAiPage<ChatCompletion>> {
    const { db } = this.#storage;
    const { model, order, limit } = request;
    const wanted = Object.entries(request.metadata);
    const found: StoredCompletion[] = [];
    let after = request.after === null ? null : await findCompletionPlace(db, { id: request.after, ownerId });
    if (after === undefined) throw unknownCompletion(request.after ?? '', 'after');
    while (found.length <= limit) {
      const page = await listCompletions(db, { ownerId, model, after, order, limit: PAGE });
      found.push(...page.filter(({ metadata }) => wanted.every(([name, value]) => metadata[name] === value)));
      after = page.at(-1) ?? null;
      if (page.length < PAGE) break;
    }
    return toPage(found.map(withMetadata), limit);
  }

  async read(actor: Actor, id: string): Promise<ChatCompletion> {
    return withMetadata(await this.#require(actor, id));
  }

  async changeMetadata(actor: Actor, id: string, metadata: Record<string, string>): Promise<ChatCompletion> {
    const changed = await updateCompletionMetadata(this.#storage.db, { id, ownerId: actor.userId, metadata });
    if (!changed) throw unknownCompletion(id);
    return this.read(actor, id);
  }

  async remove({ userId: ownerId }: Actor, id: string): Promise<void> {
    if (!(await deleteCompletion(this.#storage.db, { id, ownerId }))) throw unknownCompletion(id);
  }

  /** What was sent with the request, in its order. */
  async messages(
    actor: Actor,
    id: string,
    { after, order, limit }: Pick<CompletionListRequest, 'after' | 'order' | 'limit'>,
  ): Promise<OpenAiPage<KeptMessage>> {
    const { messages } = await this.#require(actor, id);
    const all = messages.map((message, index) => ({ ...message, id: `${id}-${index}` }));
    const ordered = order === 'asc' ? all : all.toReversed();
    const from = after === null ? 0 : ordered.findIndex((message) => message.id === after) + 1;
    if (after !== null && from === 0) throw unknownCompletion(after, 'after');
    return toPage(ordered.slice(from), limit);
  }

  async purgeAllOf(userId: string): Promise<void> {
    await deleteCompletionsOf(this.#storage.db, userId);
  }

  async *belongings({ userId: ownerId }: Actor): AsyncGenerator<{ name: string; file: object }> {
    for (let after: { createdAt: number; id: string } | null = null; ;) {
      const request = { ownerId, model: null, after, order: 'asc' as const, limit: PAGE };
      const page: Awaited<ReturnType<typeof listCompletions>> = await listCompletions(this.#storage.db, request);
      for (const { id, ...file } of page) yield { name: `chat-completions/${id}`, file };
      after = page.at(-1) ?? null;
      if (page.length < PAGE) return;
    }
  }

  async #require({ userId: ownerId }: Actor, id: string): Promise<StoredCompletion> {
    const found = await readCompletion(this.#storage.db, { id, ownerId });
    if (!found) throw unknownCompletion(id);
    return found;
  }
}

function withMetadata({ completion, metadata }: StoredCompletion): ChatCompletion {
  return { ...completion, metadata };
}

function toPage<T extends { id: string }>(found: readonly T[], limit: number): OpenAiPage<T> {
  const data = found.slice(0, limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? '',
    last_id: data.at(-1)?.id ?? '',
    has_more: found.length > limit,
  };
}

function unknownCompletion(id: string, field?: string): NotFoundError {
  return new NotFoundError(
    `No chat completion with the id “${id.slice(0, 100)}” is kept. Those are kept whose requests say “store”.`,
    { code: 'completion-not-found', ...(field === undefined ? {} : { field }) },
  );
}
