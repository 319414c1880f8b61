import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MoveEvent, MoveStatus, StartMove } from '../../../contract/moving.ts';
import { requireOwner, type Actor } from '../../accounts/actor.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { purgeConversation } from '../../conversation/conversation-store.ts';
import { listUnfinishedImports } from '../../conversation/import-store.ts';
import { Move } from './move.ts';
import { forgetMoved } from './move-record-store.ts';
import type { MovingContext } from './moving-context.ts';
import { presentReport } from './present-report.ts';
import { ReportDraft } from './report-draft.ts';
import { runImport } from './run-import.ts';
import { openFolderSource } from './sources/folder-source.ts';
import { unpackZips } from './sources/unpacking-source.ts';
import { Staging } from './staging.ts';
import { surveySource } from './survey-source.ts';

/** Chats, characters and whole folders of other programs on their way in; one move at a time for each person. */
export class MovingIn implements AsyncDisposable {
  readonly #context: MovingContext;
  /** By user. */
  readonly #moves = new Map<string, Move>();
  readonly #running = new Set<Promise<void>>();

  constructor(context: MovingContext) {
    this.#context = context;
  }

  /** Clears away what a crash left: uploads, and conversations that are not whole. */
  async recover(): Promise<void> {
    await rm(this.#context.stagingDirectory, { recursive: true, force: true });
    const removed = await this.#purgeUnfinished(null);
    if (removed > 0) this.#context.logger.info({ removed }, 'imports cut off by a crash were undone');
  }

  current(actor: Actor): MoveStatus | null {
    return this.#moves.get(actor.userId)?.status() ?? null;
  }

  async begin(actor: Actor): Promise<MoveStatus> {
    const before = this.#moves.get(actor.userId);
    if (before?.isRunning) {
      throw new ConflictError('You are moving something in already: wait for it or cancel it.', {
        code: 'move-running',
      });
    }
    const { newId, clock, stagingDirectory } = this.#context;
    const id = newId();
    const move = new Move({
      id,
      staging: new Staging(join(stagingDirectory, id)),
      createdAt: clock.now(),
      monotonic: () => clock.monotonic(),
    });
    this.#moves.set(actor.userId, move);
    await before?.close();
    return move.status();
  }

  async receive(actor: Actor, id: string, stream: AsyncIterable<Uint8Array>): Promise<MoveStatus> {
    const move = this.require(actor, id);
    if (move.state !== 'collecting') throw wrongState('Files can be added only before they are looked through.');
    await move.staging.receive(stream);
    return move.status();
  }

  /** Begins the dry run. A directory of this machine may be named by the owner only. */
  async survey(actor: Actor, id: string, { directory }: { directory?: string | undefined }): Promise<MoveStatus> {
    const move = this.require(actor, id);
    if (move.state !== 'collecting') throw wrongState('This has been looked through already.');
    if (directory !== undefined) requireOwner(actor);
    else if (move.staging.count === 0) {
      throw new InvalidInputError('There is nothing to move in yet: add files first.', { code: 'nothing-to-move' });
    }
    const source = directory === undefined ? move.staging.source() : await openFolderSource(directory);
    move.source = unpackZips(source);
    move.enter('surveying');
    this.#run(move, () => this.#surveyNow(actor, move));
    return move.status();
  }

  start(actor: Actor, id: string, choice: StartMove): MoveStatus {
    const move = this.require(actor, id);
    if (move.state !== 'ready') throw wrongState('There is no report to start from.');
    move.progress = { done: 0, total: 0, current: '' };
    move.enter('importing');
    this.#run(move, () => this.#importNow(actor, move, choice));
    return move.status();
  }

  /** What has arrived whole stays; what was under way does not. */
  async cancel(actor: Actor, id: string): Promise<MoveStatus> {
    const move = this.require(actor, id);
    if (!['done', 'cancelled', 'failed'].includes(move.state)) {
      move.controller.abort();
      if (!move.isRunning) move.enter('cancelled');
      await Promise.allSettled(this.#running);
      await move.close();
    }
    return move.status();
  }

  watch(actor: Actor, id: string, signal: AbortSignal): AsyncGenerator<MoveEvent> {
    return this.require(actor, id).watch(signal);
  }

  async purgeAllOf(userId: string): Promise<void> {
    const move = this.#moves.get(userId);
    this.#moves.delete(userId);
    move?.controller.abort();
    if (move?.isRunning) await Promise.allSettled(this.#running);
    await move?.close();
    await forgetMoved(this.#context.storage.db, userId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const move of this.#moves.values()) move.controller.abort();
    await Promise.allSettled(this.#running);
    for (const move of this.#moves.values()) await move.close();
  }

  async #surveyNow(actor: Actor, move: Move): Promise<void> {
    if (!move.source) return;
    const { signal } = move.controller;
    const draft = new ReportDraft();
    let done = 0;
    const onFile = (current: string) => {
      done += 1;
      move.advance({ done, total: 0, current });
    };
    const found = await surveySource({ context: this.#context, actor, source: move.source, draft, signal, onFile });
    signal.throwIfAborted();
    const byName = await this.#context.characters.byName(actor);
    move.found = found;
    move.report = presentReport(found, { draft, byName });
    move.enter('ready');
  }

  async #importNow(actor: Actor, move: Move, choice: StartMove): Promise<void> {
    const { found, controller } = move;
    if (!found) return;
    await this.#purgeUnfinished(actor.userId);
    move.result = await runImport({
      context: this.#context,
      actor,
      found,
      choice,
      signal: controller.signal,
      onProgress: (progress) => move.advance(progress),
    });
    move.enter('done');
    move.found = null;
    await move.close();
  }

  #run(move: Move, work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => {
        if (move.controller.signal.aborted) return move.enter('cancelled');
        this.#context.logger.warn({ err: error }, 'moving in failed');
        move.fail(error);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #purgeUnfinished(ownerId: string | null): Promise<number> {
    const { storage, search } = this.#context;
    const ids = await listUnfinishedImports(storage.db, ownerId);
    for (const id of ids) {
      await storage.transaction(async (trx) => {
        await purgeConversation(trx, id);
        await search.removeConversation(trx, id);
      });
    }
    return ids.length;
  }

  /** The move, or "there is none": somebody else's and a past one look the same. */
  require(actor: Actor, id: string): Move {
    const move = this.#moves.get(actor.userId);
    if (move?.id !== id) throw new NotFoundError('There is no such move: it is over, or the house was started again.');
    return move;
  }
}

function wrongState(message: string): ConflictError {
  return new ConflictError(message, { code: 'move-state' });
}
