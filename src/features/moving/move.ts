import type { MoveEvent, MoveResult, MoveReport, MoveState, MoveStatus } from '../../../contract/moving.ts';
import { AppError, errorMessage } from '../../base/errors.ts';
import type { Found } from './found.ts';
import { MoveFeed } from './move-feed.ts';
import type { MoveSource } from './sources/move-source.ts';
import type { Staging } from './staging.ts';

/** Milliseconds between steps of progress that watchers are told of. */
const PROGRESS_EVERY_MS = 150;

export interface MoveOptions {
  id: string;
  staging: Staging;
  createdAt: number;
  monotonic: () => number;
}

/**
 * One move of one person, while it is under way. States as in `moveStateSchema`: `collecting` until a survey begins,
 * `ready` between the survey's end and the start of the import; `done`, `cancelled` and `failed` are the end.
 */
export class Move {
  readonly id: string;
  readonly staging: Staging;
  readonly feed = new MoveFeed();
  readonly controller = new AbortController();
  readonly #createdAt: number;
  readonly #monotonic: () => number;
  #toldAt = 0;
  state: MoveState = 'collecting';
  source: MoveSource | null = null;
  found: Found | null = null;
  report: MoveReport | null = null;
  result: MoveResult | null = null;
  progress = { done: 0, total: 0, current: '' };
  failure: MoveStatus['failure'] = null;

  constructor({ id, staging, createdAt, monotonic }: MoveOptions) {
    this.id = id;
    this.staging = staging;
    this.#createdAt = createdAt;
    this.#monotonic = monotonic;
  }

  get isRunning(): boolean {
    return this.state === 'surveying' || this.state === 'importing';
  }

  status(): MoveStatus {
    return {
      id: this.id,
      state: this.state,
      progress: this.progress,
      received: { files: this.staging.count, bytes: this.staging.bytes },
      report: this.report,
      result: this.result,
      failure: this.failure,
      createdAt: this.#createdAt,
    };
  }

  enter(state: MoveState): void {
    this.state = state;
    this.feed.publish({ type: 'move-change', status: this.status() });
  }

  advance(progress: Move['progress']): void {
    this.progress = progress;
    const now = this.#monotonic();
    if (now - this.#toldAt < PROGRESS_EVERY_MS) return;
    this.#toldAt = now;
    this.feed.publish({ type: 'move-progress', progress });
  }

  fail(error: unknown): void {
    const isOurs = error instanceof AppError;
    this.failure = {
      code: isOurs ? error.code : 'failed',
      message: isOurs ? errorMessage(error) : 'Something went wrong; the log says what.',
      retryable: isOurs ? error.retryable : true,
    };
    this.enter('failed');
  }

  watch(signal: AbortSignal): AsyncGenerator<MoveEvent> {
    return this.feed.watch(() => this.status(), signal);
  }

  /** Gives back files and watchers. */
  async close(): Promise<void> {
    this.controller.abort();
    this.feed.close();
    await this.source?.[Symbol.asyncDispose]();
    this.source = null;
    await this.staging[Symbol.asyncDispose]();
  }
}
