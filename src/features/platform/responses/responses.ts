import type { ResponseEvent } from '../../../../contract/openai/response-events.ts';
import type { ItemPage } from '../../../../contract/openai/response-items.ts';
import type { InputTokens, ResponseObject } from '../../../../contract/openai/response-object.ts';
import type { InputTokensRequest, ListItemsQuery } from '../../../../contract/openai/responses.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import { pageOfItems } from './item-page.ts';
import { HostedResponses } from './hosted/hosted-responses.ts';
import type { Making } from './making.ts';
import { readHistory } from './response-history.ts';
import { ResponseMaking, type MakingContext } from './response-making.ts';
import { ResponsePlanner, type CompactCall, type CompactedWindow, type ResponseCall } from './response-planner.ts';
import { ResponseRun } from './response-run.ts';
import {
  deleteResponse,
  listUnfinishedResponses,
  readResponse,
  updateResponse,
  type StoredResponse,
} from './response-store.ts';
import { tellOfResponse } from './tell-of-response.ts';

const RECOVER_AT_ONCE = 100;

interface OwnResponse {
  actor: Actor;
  id: string;
}

/** `/v1/responses`: answers that are kept, continued, watched and cancelled. */
export class Responses implements AsyncDisposable {
  readonly #context: MakingContext;
  readonly #planner: ResponsePlanner;
  readonly #hosted: HostedResponses;
  /** Those in the background, by their ids. */
  readonly #runs = new Map<string, ResponseRun>();

  constructor(context: MakingContext) {
    this.#context = context;
    this.#planner = new ResponsePlanner(context);
    this.#hosted = new HostedResponses(context);
  }

  async create(call: ResponseCall): Promise<ResponseObject> {
    const making = await this.#begin(call);
    if (making.response.background) return (await this.#startRun(making)).first;
    const events = making.events(call.signal);
    while (!(await events.next()).done);
    if (making.fault !== null) throw making.fault;
    call.signal.throwIfAborted();
    return making.response;
  }

  /** Rejects before the first event where the request cannot be answered. */
  async stream(call: ResponseCall): Promise<AsyncIterable<ResponseEvent>> {
    const making = await this.#begin(call);
    if (making.response.background) return (await this.#startRun(making)).run.watch(-1, call.signal);
    const events = making.events(call.signal);
    return withFirst(await events.next(), events);
  }

  /** By whoever can answer what it asks for. */
  async #begin(call: ResponseCall): Promise<Making> {
    const hosted = await this.#hosted.make(call);
    return hosted ?? new ResponseMaking(this.#context, await this.#planner.plan(call));
  }

  async read({ actor, id }: OwnResponse): Promise<ResponseObject> {
    const { response } = await this.#require({ actor, id });
    return this.#runs.get(id)?.response ?? response;
  }

  /** The events of a response that was asked for in the background as a stream, after a sequence number. */
  async watch({
    actor,
    id,
    after,
    signal,
  }: OwnResponse & { after: number; signal: AbortSignal }): Promise<AsyncIterable<ResponseEvent>> {
    const { response, events } = await this.#require({ actor, id });
    const run = this.#runs.get(id);
    if (run) return run.watch(after, signal);
    if (events !== null) return asStream(events.filter(({ sequence_number: number }) => number > after));
    throw new InvalidInputError(
      response.background
        ? 'The events of this response are gone: read it without “stream”.'
        : 'Only a response that was made with background: true and stream: true can be streamed again: read it without “stream”.',
      { code: 'not-streamable', field: 'stream' },
    );
  }

  async delete({ actor, id }: OwnResponse): Promise<void> {
    await this.#require({ actor, id });
    const run = this.#runs.get(id);
    run?.stop();
    await run?.finished;
    await deleteResponse(this.#context.storage.db, { id, ownerId: actor.userId });
  }

  /** Stops a response in the background; its words stay. One that has ended is told as it is. */
  async cancel({ actor, id }: OwnResponse): Promise<ResponseObject> {
    const { response } = await this.#require({ actor, id });
    if (!response.background) {
      throw new ConflictError(
        'Only a response that was made with background: true can be cancelled: close the connection to stop another.',
        {
          code: 'not-cancellable',
        },
      );
    }
    const run = this.#runs.get(id);
    run?.stop();
    await run?.finished;
    return (await this.#require({ actor, id })).response;
  }

  async inputItems({ actor, id, query }: OwnResponse & { query: ListItemsQuery }): Promise<ItemPage> {
    const stored = await this.#require({ actor, id });
    const { previous_response_id: previousId, conversation } = stored.response;
    // As OpenAI does, the list holds what the model was told: also what came before.
    const before =
      previousId === null || conversation !== null
        ? []
        : (await readHistory(this.#context.storage.db, actor.userId, { previous_response_id: previousId })).items;
    return pageOfItems([...before, ...stored.input], query);
  }

  /** Tokens that a request would take. */
  async countInput({
    actor,
    request,
    signal,
  }: {
    actor: Actor;
    request: InputTokensRequest;
    signal: AbortSignal;
  }): Promise<InputTokens> {
    const call = await this.#planner.callOf({ actor, request });
    const tokens = await this.#context.counts.count({ ...call, actor, model: request.model, signal });
    return { object: 'response.input_tokens', input_tokens: tokens };
  }

  /** What was said, in few words: what a next request may begin with. */
  compact(call: CompactCall): Promise<CompactedWindow> {
    return this.#planner.compact(call);
  }

  /** Ends what a crash cut off; what was kept of it stays. */
  async recover(): Promise<number> {
    const { storage, outbox } = this.#context;
    const { db } = storage;
    let count = 0;
    for (;;) {
      const cut = await listUnfinishedResponses(db, RECOVER_AT_ONCE);
      for (const { response: begun, ownerId } of cut) {
        const response = cutOff(begun);
        await storage.transaction(async (trx) => {
          await updateResponse(trx, response);
          if (response.background) await tellOfResponse(outbox, trx, { response, ownerId });
        });
      }
      count += cut.length;
      if (cut.length < RECOVER_AT_ONCE) return count;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const runs = [...this.#runs.values()];
    for (const run of runs) run.stop();
    await Promise.all(runs.map(({ finished }) => finished));
  }

  /** Goes on whether or not anybody watches. */
  async #startRun(making: Making): Promise<{ run: ResponseRun; first: ResponseObject }> {
    await making.keep();
    const first = structuredClone(making.response);
    const run = new ResponseRun(making.response);
    this.#runs.set(run.response.id, run);
    run.finished = this.#drive(run, making);
    return { run, first };
  }

  async #drive(run: ResponseRun, making: Making): Promise<void> {
    const { storage, logger } = this.#context;
    const { id } = making.response;
    try {
      for await (const event of making.events(run.signal)) run.tell(event);
      if (making.replayed) await updateResponse(storage.db, making.response, { events: run.events });
    } catch (error) {
      logger.error({ err: error, responseId: id }, 'a response in the background could not be kept');
    } finally {
      run.end();
      this.#runs.delete(id);
    }
  }

  async #require({ actor, id }: OwnResponse): Promise<StoredResponse> {
    const found = await readResponse(this.#context.storage.db, { id, ownerId: actor.userId });
    if (found) return found;
    throw new NotFoundError(`There is no response “${id.slice(0, 100)}”.`, {
      code: 'response-not-found',
      field: 'response_id',
    });
  }
}

function cutOff(response: ResponseObject): ResponseObject {
  return {
    ...response,
    status: 'failed',
    error: { code: 'server_error', message: 'The server stopped before this response had ended: ask again.' },
    output: response.output.map((item) =>
      'status' in item && item.status === 'in_progress' ? { ...item, status: 'incomplete' } : item,
    ),
  };
}

async function* withFirst<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    if (first.done === true) return;
    yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* asStream<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
