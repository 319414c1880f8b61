import { z } from 'zod';
import type { ListFilmsQuery } from '../../../../contract/openai/media.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError, NotFoundError, UnavailableError } from '../../../base/errors.ts';
import type { ProviderCall } from '../../../models/speech/remote/provider-call.ts';
import type { Storage } from '../../../storage/storage.ts';
import { deleteFilms, findFilm, insertFilm, listFilms, readFilm, type FilmRow } from './film-store.ts';
import type { ForeignIds, ForeignThing } from './foreign-ids.ts';
import type { ProviderMedia } from './provider-media.ts';

/** Providers are asked about so many films at once. */
const AT_ONCE = 8;
const PAGE = 100;
/** As long as a film that somebody sends may be, where nobody says; seconds. */
const LONGEST = 20;

const filmSchema = z.looseObject({ id: z.string().min(1).max(400) });
const factsSchema = z.looseObject({
  model: z.string().max(400).catch(''),
  seconds: z.coerce.number().int().min(1).max(600).catch(LONGEST),
});
const sourceSchema = z.looseObject({ remixed_from_video_id: z.string().nullish() });

interface FilmCaller {
  actor: Actor;
  requestId: string;
  signal: AbortSignal;
}

/** A film to be made, as its provider is asked for it. */
interface FilmRequest {
  model: string;
  /** At most. */
  seconds: number;
  path: string;
  init: RequestInit;
  /** Null = whoever makes films with this model. */
  providerId: string | null;
  /** Whether it is billed by the length that its answer tells. */
  byAnswer: boolean;
}

interface FilmsOptions {
  media: ProviderMedia;
  ids: ForeignIds;
  storage: Pick<Storage, 'db'>;
  clock: Clock;
}

/** Films at providers, each reached by whoever had it made and by nobody else. */
export class Films {
  readonly #options: FilmsOptions;

  constructor(options: FilmsOptions) {
    this.#options = options;
  }

  /** Has a film made; tells of it as its provider does, by an id of the house. */
  async begin({ actor, requestId, signal }: FilmCaller, request: FilmRequest): Promise<object> {
    const { media, ids, storage, clock } = this.#options;
    const { model, seconds, path, init, providerId, byAnswer } = request;
    const answer = await media.make({
      actor,
      job: 'film',
      kind: 'video',
      model,
      path,
      init,
      providerId,
      estimate: { videoInMs: seconds * 1000 },
      ...(byAnswer ? { usageOf: (body) => ({ videoInMs: lengthOf(body, seconds) * 1000 }) } : {}),
      requestId,
      signal,
    });
    const body = answer.type === 'whole' ? filmSchema.safeParse(answer.body).data : undefined;
    if (!body) throw new UnavailableError('The provider told no film.', { code: 'provider-garbage' });
    const film = { providerId: answer.providerId, remoteId: body.id, ownerId: actor.userId };
    const id = ids.seal({ kind: 'video', providerId: film.providerId, id: body.id, ownerId: actor.userId });
    await insertFilm(storage.db, { ...film, id, createdAt: clock.now() });
    return this.#present(body, { ...film, id });
  }

  /** Makes another film of one that is there; `requestOf` says how its provider is asked. */
  async remake(
    caller: FilmCaller,
    id: string,
    requestOf: (film: { remoteId: string; seconds: number }) => Pick<FilmRequest, 'path' | 'init' | 'byAnswer'> & {
      seconds: number;
    },
  ): Promise<object> {
    const { providerId, id: remoteId } = this.#open(caller.actor, id);
    const told = await this.#ask({ providerId, remoteId }, { signal: caller.signal });
    const { model, seconds } = factsSchema.parse(told);
    return this.begin(caller, { ...requestOf({ remoteId, seconds }), model, providerId });
  }

  async read({ actor, signal }: FilmCaller, id: string): Promise<object> {
    const { providerId, id: remoteId, ownerId } = this.#open(actor, id);
    const told = await this.#ask({ providerId, remoteId }, { signal });
    return this.#present(told, { id, providerId, remoteId, ownerId });
  }

  async remove({ actor, signal }: FilmCaller, id: string): Promise<object> {
    const { providerId, id: remoteId } = this.#open(actor, id);
    const told = await this.#ask({ providerId, remoteId }, { init: { method: 'DELETE' }, signal });
    await deleteFilms(this.#options.storage.db, { ownerId: actor.userId, id });
    return { ...told, id };
  }

  content({ actor, signal }: FilmCaller, id: string, variant: string | undefined): Promise<ProviderCall> {
    const { providerId, id: remoteId } = this.#open(actor, id);
    const query = variant === undefined ? '' : `?variant=${encodeURIComponent(variant)}`;
    return this.#options.media.ask(providerId, { path: `${pathOf(remoteId)}/content${query}`, signal });
  }

  /** One's own, as their providers tell of them now. What is gone there is gone here. */
  async list({ actor, signal }: FilmCaller, { after, limit, order }: ListFilmsQuery) {
    const { db } = this.#options.storage;
    const from = after === undefined ? undefined : await this.#require(actor, after);
    const rows = await listFilms(db, { ownerId: actor.userId, after: from, limit, order });
    const page = rows.slice(0, limit);
    const data: object[] = [];
    for (let start = 0; start < page.length; start += AT_ONCE) {
      const told = await Promise.all(page.slice(start, start + AT_ONCE).map((row) => this.#tellOf(row, signal)));
      data.push(...told.filter((film) => film !== null));
    }
    const ends = { first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
    return { object: 'list' as const, data, ...ends, has_more: rows.length > limit };
  }

  /** For an export: films themselves lie at their providers. */
  async *belongings({ userId: ownerId }: Pick<Actor, 'userId'>): AsyncGenerator<Pick<FilmRow, 'id' | 'createdAt'>> {
    for (let after: FilmRow | undefined; ;) {
      const rows = await listFilms(this.#options.storage.db, { ownerId, after, limit: PAGE, order: 'asc' });
      for (const { id, createdAt } of rows.slice(0, PAGE)) yield { id, createdAt };
      if (rows.length <= PAGE) break;
      after = rows[PAGE - 1];
    }
  }

  async purgeAllOf(ownerId: string): Promise<void> {
    await deleteFilms(this.#options.storage.db, { ownerId });
  }

  async #tellOf(row: FilmRow, signal: AbortSignal): Promise<object | null> {
    const { storage } = this.#options;
    try {
      const told = await this.#ask(row, { signal });
      return await this.#present(told, row);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'video-unknown') await deleteFilms(storage.db, { ownerId: row.ownerId, id: row.id });
      // A provider that is set up again is found under its old films.
      else if (error.code !== 'provider-unknown') throw error;
      return null;
    }
  }

  async #ask(
    { providerId, remoteId }: Pick<FilmRow, 'providerId' | 'remoteId'>,
    request: { init?: RequestInit; signal: AbortSignal },
  ): Promise<object> {
    try {
      return await this.#options.media.askObject(providerId, { path: pathOf(remoteId), ...request });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'provider-not-found')) throw error;
      throw new NotFoundError('The provider has this video no more.', { code: 'video-unknown', cause: error });
    }
  }

  /** Ids of the provider reach nothing here. */
  async #present(told: object, { id, providerId, ownerId }: Omit<FilmRow, 'createdAt'>): Promise<object> {
    const { remixed_from_video_id: source } = sourceSchema.parse(told);
    if (!source) return { ...told, id };
    const known = await findFilm(this.#options.storage.db, { ownerId, providerId, remoteId: source });
    const sealed = known?.id ?? this.#options.ids.seal({ kind: 'video', providerId, id: source, ownerId });
    return { ...told, id, remixed_from_video_id: sealed };
  }

  #open({ userId: ownerId }: Actor, id: string): ForeignThing {
    return this.#options.ids.open(id, { kind: 'video', ownerId });
  }

  async #require({ userId: ownerId }: Actor, id: string): Promise<FilmRow> {
    const row = await readFilm(this.#options.storage.db, { id, ownerId });
    if (row) return row;
    throw new NotFoundError(`There is no video “${id.slice(0, 60)}”.`, { code: 'video-unknown', field: 'after' });
  }
}

function pathOf(remoteId: string): string {
  return `/videos/${encodeURIComponent(remoteId)}`;
}

function lengthOf(body: object, most: number): number {
  const parsed = z.looseObject({ seconds: z.coerce.number().int().min(1) }).safeParse(body);
  return Math.min(parsed.data?.seconds ?? most, most);
}
