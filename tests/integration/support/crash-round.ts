import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Message, SentMessage } from '../../../contract/messages.ts';
import { textOf, type MessageNode } from '../../../src/conversation/tree-types.ts';
import type { Db } from '../../../src/storage/storage.ts';
import type { ScriptInput } from '../../../src/models/scripted/script.ts';
import { expectSoundTree, readTree } from './check-tree.ts';
import { wordsOf, type Caller } from './caller.ts';
import { until } from './until.ts';

const TOKENS = Array.from({ length: 50 }, (_, index) => `${index === 0 ? '' : ' '}浪${index}🌊`);
const FULL_REPLY = TOKENS.join('');

/** Every reply is the same 50 tokens, so that whatever a crash leaves can be judged. */
export const crashScript: ScriptInput = { rules: [{ steps: [{ type: 'tokens', tokens: TOKENS, delayInMs: 5 }] }] };

/** What one server was told and what it said it had kept, until it was killed. */
export class CrashRound {
  readonly #owner: Caller;
  readonly #number: number;
  /** By clientId. */
  readonly attempted = new Map<string, { conversationId: string; text: string; reply: boolean }>();
  readonly #acknowledged = new Map<string, SentMessage>();
  readonly #started: Message[] = [];
  readonly #ended: Message[] = [];
  readonly #conversations: string[] = [];
  #killed = false;

  constructor(owner: Caller, number: number) {
    this.#owner = owner;
    this.#number = number;
  }

  get acknowledgedCount(): number {
    return this.#acknowledged.size;
  }

  /**
   * Several people talk and write at once, until the server is killed `after` so many milliseconds: counted from its
   * start, or from the moment when everybody is at it.
   */
  async run({
    after,
    from,
    kill,
  }: {
    after: number;
    from: 'start' | 'work';
    kill: () => Promise<void>;
  }): Promise<void> {
    const work = Promise.allSettled([this.#talk('a'), this.#talk('b'), this.#write('c'), this.#write('d')]);
    if (from === 'work') await until('everybody talks', () => this.#acknowledged.size >= 4 && this.#started.length > 1);
    await delay(after);
    this.#killed = true;
    await kill();
    await work;
  }

  /** Once the next server runs: says everything again that was not acknowledged; each must be there once. */
  async sayAgain(owner: Caller): Promise<void> {
    for (const [clientId, { conversationId, text }] of this.attempted) {
      if (this.#acknowledged.has(clientId)) continue;
      const sent = await owner.say(conversationId, text, { clientId, reply: false });
      this.#acknowledged.set(clientId, { ...sent, reply: null });
    }
  }

  /** Judges what is in the database. Returns how many replies the crash cut off. */
  async check(db: Db): Promise<number> {
    let interrupted = 0;
    for (const conversationId of this.#conversations) {
      const tree = await readTree(db, conversationId);
      expectSoundTree(tree);
      const said = tree.nodes.filter(({ author }) => author.kind === 'human');
      for (const node of said) this.#checkSaid(node, conversationId);
      assert.equal(new Set(said.map(({ clientId }) => clientId)).size, said.length, 'a message was doubled');
      for (const node of tree.nodes.filter(({ author, depth }) => author.kind === 'character' && depth > 0)) {
        assert.match(node.state, /^(done|interrupted)$/);
        const text = textOf(node.parts);
        assert.ok(FULL_REPLY.startsWith(text), `this is no beginning of the reply: ${text}`);
        assert.ok(node.state === 'interrupted' || text === FULL_REPLY, 'a reply that is done is not whole');
        interrupted += node.state === 'interrupted' ? 1 : 0;
      }
      this.#checkKept(tree.nodes, conversationId);
    }
    return interrupted;
  }

  #checkSaid(node: MessageNode, conversationId: string): void {
    const attempt = this.attempted.get(node.clientId ?? '');
    assert.deepEqual([attempt?.conversationId, attempt?.text], [conversationId, textOf(node.parts)]);
    assert.equal(node.state, 'done');
  }

  #checkKept(nodes: readonly MessageNode[], conversationId: string): void {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    for (const [clientId, { message, reply }] of this.#acknowledged) {
      if (message.conversationId !== conversationId) continue;
      assert.equal(byId.get(message.id)?.clientId, clientId, 'an acknowledged message was lost');
      assert.equal(textOf(byId.get(message.id)?.parts ?? []), wordsOf(message));
      assert.ok(reply === null || byId.has(reply.id), 'an acknowledged reply was lost');
    }
    for (const { id } of this.#started.filter((one) => one.conversationId === conversationId)) {
      assert.ok(byId.has(id), 'a started reply was lost');
    }
    for (const { id } of this.#ended.filter((one) => one.conversationId === conversationId)) {
      assert.equal(byId.get(id)?.state, 'done', 'a reply whose end was told');
    }
  }

  async #begin(): Promise<string> {
    const { id } = await this.#owner.begin();
    this.#conversations.push(id);
    return id;
  }

  async #say(conversationId: string, name: string, reply: boolean): Promise<SentMessage> {
    const clientId = `round${this.#number}-${name}`;
    const text = `${name} of round ${this.#number} 🌊`;
    this.attempted.set(clientId, { conversationId, text, reply });
    const sent = await this.#owner.say(conversationId, text, { clientId, reply });
    this.#acknowledged.set(clientId, sent);
    return sent;
  }

  /** Says something, listens to the reply, sometimes asks for another one. */
  async #talk(name: string): Promise<void> {
    const id = await this.#begin();
    await using watcher = this.#owner.watch(id);
    await watcher.event('conversation-snapshot');
    const listen = async (reply: Message) => {
      this.#started.push(reply);
      const { message } = await watcher.event('reply-end', (event) => event.messageId === reply.id);
      this.#ended.push(message);
    };
    for (let count = 0; !this.#killed; count += 1) {
      const { reply } = await this.#say(id, `${name}${count}`, true);
      if (reply) await listen(reply);
      if (!reply || count % 2 === 0) continue;
      const body = { kind: 'regenerate', messageId: reply.id };
      const again = await this.#owner.call<{ reply: Message }>('POST', `/api/conversations/${id}/replies`, body);
      await listen(again.reply);
    }
  }

  /** Writes as fast as it is acknowledged, three at a time. */
  async #write(name: string): Promise<void> {
    const id = await this.#begin();
    for (let count = 0; !this.#killed; count += 1) {
      await Promise.all([0, 1, 2].map((lane) => this.#say(id, `${name}${count}-${lane}`, false)));
    }
  }
}
