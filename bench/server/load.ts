import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Longer than any order takes; milliseconds. */
const PATIENCE_IN_MS = 120_000;

export interface LoadTarget {
  address: string;
  token: string;
  conversationIds: readonly string[];
}

export type LoadOrder =
  | { type: 'measure-first-tokens'; target: LoadTarget; count: number }
  | { type: 'open-streams'; target: LoadTarget }
  | { type: 'start-streams' }
  | { type: 'await-streams'; tokens: number; which: 'every' | 'some' }
  | { type: 'end-streams' }
  | { type: 'close-streams' };

export type LoadAnswer =
  | { type: 'first-tokens'; latenciesInMs: number[] }
  | { type: 'streams-open' }
  | { type: 'streams-started' }
  | { type: 'streams-past'; tokens: number }
  | { type: 'streams-ended'; streams: { tokens: number; writingInMs: number }[] }
  | { type: 'streams-closed' }
  | { type: 'failure'; message: string };

/** The process with the clients. */
export class Load implements Disposable {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'load-program.ts'), { execArgv: [] });

  /** From sending a message to the first token of its answer, one message after the other. */
  async firstTokens(target: LoadTarget, count: number): Promise<number[]> {
    return (await this.#order({ type: 'measure-first-tokens', target, count }, 'first-tokens')).latenciesInMs;
  }

  /** Opens an event stream for each conversation, and leaves them idle. */
  async openStreams(target: LoadTarget): Promise<void> {
    await this.#order({ type: 'open-streams', target }, 'streams-open');
  }

  /** Sends one message to each conversation; resolves when all were taken. */
  async startStreams(): Promise<void> {
    await this.#order({ type: 'start-streams' }, 'streams-started');
  }

  /** Waits until every or some stream has so many tokens. Returns how many have arrived in all. */
  async untilStreamsPast(tokens: number, which: 'every' | 'some'): Promise<number> {
    return (await this.#order({ type: 'await-streams', tokens, which }, 'streams-past')).tokens;
  }

  /** Waits for the end of every answer. Returns what each stream got, and how long that took from first to last token. */
  async endStreams(): Promise<{ tokens: number; writingInMs: number }[]> {
    return (await this.#order({ type: 'end-streams' }, 'streams-ended')).streams;
  }

  async closeStreams(): Promise<void> {
    await this.#order({ type: 'close-streams' }, 'streams-closed');
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }

  async #order<Type extends LoadAnswer['type']>(
    order: LoadOrder,
    type: Type,
  ): Promise<Extract<LoadAnswer, { type: Type }>> {
    this.#child.send(order);
    const signal = AbortSignal.timeout(PATIENCE_IN_MS);
    const [answer] = (await once(this.#child, 'message', { signal })) as [LoadAnswer];
    if (answer.type === type) return answer as Extract<LoadAnswer, { type: Type }>;
    throw new Error(answer.type === 'failure' ? answer.message : `Expected ${type}, got ${answer.type}.`);
  }
}
