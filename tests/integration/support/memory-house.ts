import type { Conversation } from '../../../contract/conversations.ts';
import type { Message } from '../../../contract/messages.ts';
import type { ScriptInput } from '../../../src/models/scripted/script.ts';
import { DISTIL_JOB } from '../../../src/memory/conversation-jobs.ts';
import type { FactRecord } from '../../../src/memory/facts/fact-record.ts';
import type { Pair } from '../../../src/memory/pair-view.ts';
import { openHouse, type ChatHouse } from './open-house.ts';
import { until } from './until.ts';

/** More than the newest messages need to be settled. */
const LONG_SILENCE_IN_MS = 6 * 60 * 1000;

/** A house whose clock a test can move on, so that nobody waits until messages are settled. */
export class MemoryHouse implements AsyncDisposable {
  readonly house: ChatHouse;
  readonly #passed: { ms: number };

  private constructor(house: ChatHouse, passed: { ms: number }) {
    this.house = house;
    this.#passed = passed;
  }

  static async open(script: ScriptInput): Promise<MemoryHouse> {
    const passed = { ms: 0 };
    const clock = { now: () => Date.now() + passed.ms, monotonic: () => performance.now() };
    return new MemoryHouse(await openHouse({ script, clock }), passed);
  }

  get facts() {
    return this.house.app.memory.facts;
  }

  async begin(): Promise<{ conversation: Conversation; pair: Pair }> {
    const conversation = await this.house.owner.begin();
    const { characterId } = await this.house.app.storage.db
      .selectFrom('conversation')
      .select('characterId')
      .where('id', '=', conversation.id)
      .executeTakeFirstOrThrow();
    return { conversation, pair: { ownerId: this.house.app.accounts.terminalActor.userId, characterId } };
  }

  /** Says something; the reply is whole, the newest message of the path. */
  async say(conversationId: string, text: string): Promise<{ mine: Message; reply: Message }> {
    const { sent, reply } = await this.house.owner.talk(conversationId, text);
    return { mine: sent.message, reply };
  }

  /** Has the newest reply written again. */
  async regenerate(conversationId: string, messageId: string): Promise<Message> {
    const { replies, accounts } = this.house.app;
    const { reply } = await replies.start(accounts.terminalActor, conversationId, { kind: 'regenerate', messageId });
    return this.house.owner.ended(conversationId, reply.id);
  }

  /** Lets nobody write for a while, and waits until all that is settled then has been read. */
  async settle(): Promise<void> {
    this.#passed.ms += LONG_SILENCE_IN_MS;
    await this.work();
  }

  /** Lets time pass, or sets the clock back, without waiting. */
  pass(ms: number): void {
    this.#passed.ms += ms;
  }

  /** Waits until nothing is to be read now, or until no job of these names is due. */
  async work(names: readonly string[] = [DISTIL_JOB]): Promise<void> {
    const { app } = this.house;
    this.#passed.ms += 10_000;
    await until('everything is read', async () => {
      app.memory.wake();
      const jobs = await app.storage.db
        .selectFrom('job')
        .selectAll()
        .where('name', 'in', [...names])
        .execute();
      const failed = jobs.find(({ lastError }) => lastError !== null);
      if (failed) throw new Error(`Reading failed: ${failed.lastError}`);
      return jobs.every(({ lockedUntil, runAt }) => lockedUntil === null && runAt > Date.now() + this.#passed.ms);
    });
  }

  /** What counts on the active paths. */
  async counting(pair: Pair): Promise<FactRecord[]> {
    return this.facts.countingFacts(pair, await this.house.app.memory.memories.view(pair));
  }

  async quotes(pair: Pair): Promise<string[]> {
    return (await this.counting(pair)).map(({ quote }) => quote);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.house[Symbol.asyncDispose]();
  }
}
