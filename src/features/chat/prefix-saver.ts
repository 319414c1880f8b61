import { partsOfReply } from '../../../contract/reply-parts.ts';
import type { PlacedTool } from '../../../contract/tool-parts.ts';
import type { Logger } from '../../base/logger.ts';
import type { LiveReply } from '../../conversation/live-replies.ts';
import { saveReplyPrefixes } from '../../conversation/message-store.ts';
import type { Db } from '../../storage/storage.ts';

/** Milliseconds between saves of growing replies: what a crash may cost of the words already shown. */
const SAVE_EVERY_MS = 300;

/** Replies in one write; what more there are goes into the next. */
const REPLIES_PER_SAVE = 200;

/**
 * Saves replies while they grow. All of them in one beat, so that they share one write to the disk: each one by its
 * own timer would hold the process up hundreds of times a second when many people talk.
 */
export class PrefixSaver {
  readonly #db: Db;
  readonly #logger: Logger;
  /** Growing replies and what of each was saved last. */
  readonly #saved = new Map<LiveReply, { text: string; tools: readonly PlacedTool[] }>();
  #timer: NodeJS.Timeout | undefined;
  /** The save under way, if there is one. */
  #saving: Promise<void> | undefined;

  constructor({ db, logger }: { db: Db; logger: Logger }) {
    this.#db = db;
    this.#logger = logger;
  }

  /** Saves the reply from now on until the returned function is called; that one resolves when nothing is under way. */
  start(reply: LiveReply): () => Promise<void> {
    this.#saved.set(reply, { text: reply.text, tools: reply.tools });
    this.#timer ??= setInterval(() => this.#beat(), SAVE_EVERY_MS);
    return async () => {
      this.#saved.delete(reply);
      if (this.#saved.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
      await this.#saving;
    };
  }

  /** What the last beat has not written yet waits for the next one. */
  #beat(): void {
    this.#saving ??= this.#saveGrown().finally(() => (this.#saving = undefined));
  }

  async #saveGrown(): Promise<void> {
    const grown = [...this.#saved]
      .filter(([reply, saved]) => reply.text !== saved.text || reply.tools !== saved.tools)
      .map(([reply]) => reply);
    for (let index = 0; index < grown.length; index += REPLIES_PER_SAVE) {
      await this.#save(grown.slice(index, index + REPLIES_PER_SAVE).filter((reply) => this.#saved.has(reply)));
    }
  }

  async #save(replies: readonly LiveReply[]): Promise<void> {
    for (const reply of replies) this.#saved.set(reply, { text: reply.text, tools: reply.tools });
    try {
      await saveReplyPrefixes(
        this.#db,
        replies.map((reply) => ({ id: reply.messageId, parts: partsOfReply(reply) })),
      );
    } catch (error) {
      const messageIds = replies.map((reply) => reply.messageId);
      this.#logger.warn({ err: error, messageIds }, 'the beginnings of replies could not be saved');
    }
  }
}
