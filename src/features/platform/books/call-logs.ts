import {
  meteredDoorSchema,
  meteredKindSchema,
  meteredOutcomeSchema,
  meteredPurposeSchema,
  meteredStateSchema,
  usageSourceSchema,
  type MeteredCallView,
} from '../../../../contract/metering.ts';
import type { CallLog, CallLogQuery } from '../../../../contract/platform-books.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import { readBooksSettings } from '../../../metering/books-settings.ts';
import { readCall } from '../../../metering/ledger-store.ts';
import type { MeteredCallRow } from '../../../metering/operation.ts';
import { listCalls } from '../../../metering/usage-store.ts';
import type { BooksContext } from './books-context.ts';
import { callFilterOf } from './call-filter.ts';

const PAGE = 50;

/** Calls to models one by one. */
export class CallLogs {
  readonly #context: Pick<BooksContext, 'storage' | 'clock' | 'teams'>;

  constructor(context: Pick<BooksContext, 'storage' | 'clock' | 'teams'>) {
    this.#context = context;
  }

  async list(actor: Actor, { cursor, limit = PAGE, state, outcome, ...query }: CallLogQuery): Promise<CallLog> {
    const { storage } = this.#context;
    const filter = await callFilterOf(this.#context, actor, query);
    const before = cursor === undefined ? null : readCursor(cursor);
    const rows = await listCalls(storage.db, { filter, state, outcome, before, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last ? `${last.startedAt}.${last.id}` : null;
    const { currency } = await readBooksSettings(storage.db);
    return { calls: page.map(presentCall), next, currency };
  }

  async read(actor: Actor, id: string): Promise<MeteredCallView> {
    const call = await readCall(this.#context.storage.db, id);
    if (!call || !(await this.#maySee(actor, call))) throw new NotFoundError('There is no such call.');
    return presentCall(call);
  }

  async #maySee(actor: Actor, { userId, teamId }: MeteredCallRow): Promise<boolean> {
    if (actor.role === 'owner' || userId === actor.userId) return true;
    return teamId !== null && (await this.#context.teams.roleOf(actor, teamId)) !== null;
  }
}

function readCursor(cursor: string): { startedAt: number; id: string } {
  const [, startedAt, id] = /^(\d{1,16})\.([\w:.-]+)$/.exec(cursor) ?? [];
  if (startedAt !== undefined && id !== undefined) return { startedAt: Number(startedAt), id };
  throw new InvalidInputError('This is no cursor of a log: take `next` of the page before.', { field: 'cursor' });
}

function presentCall(call: MeteredCallRow): MeteredCallView {
  const { id, userId, keyId, teamId, model, ref, characterId, conversationId, cost, requestId, errorCode } = call;
  const { inputTokens, cachedInputTokens, outputTokens, characters, audioInMs, images, videoInMs } = call;
  return {
    id,
    state: meteredStateSchema.parse(call.state),
    outcome: meteredOutcomeSchema.nullable().parse(call.outcome),
    door: meteredDoorSchema.parse(call.door),
    purpose: meteredPurposeSchema.parse(call.purpose),
    kind: meteredKindSchema.parse(call.kind),
    userId,
    keyId,
    teamId,
    model,
    ref,
    characterId,
    conversationId,
    usage: { inputTokens, cachedInputTokens, outputTokens, characters, audioInMs, images, videoInMs },
    attempts: call.attempts,
    usageSource: usageSourceSchema.nullable().parse(call.usageSource),
    cost,
    requestId,
    errorCode,
    firstTokenInMs: call.firstTokenInMs,
    durationInMs: call.durationInMs,
    startedAt: call.startedAt,
    endedAt: call.endedAt,
  };
}
