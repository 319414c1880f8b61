import type { Logger } from '../../base/logger.ts';
import type { LiveReply } from '../../conversation/live-replies.ts';
import { saveReplyPrefix } from '../../conversation/message-store.ts';
import type { Db } from '../../storage/storage.ts';
import { toParts } from './reply-parts.ts';

/** Milliseconds between saves of growing replies: what a crash may cost of the words already shown. */
const SAVE_EVERY_MS = 300;

interface Growing {
  savedText: string;
  /** The save under way, if there is one. */
  saving: Promise<void> | undefined;
}

/**
 * Saves replies while they grow. All of them in one beat, so that they share one write to the disk: each one by its
 * own timer would hold the process up hundreds of times a second when many people talk.
 */
export class PrefixSaver {
  readonly #db: Db;
  readonly #logger: Logger;
  readonly #growing = new Map<LiveReply, Growing>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ db, logger }: { db: Db; logger: Logger }) {
    this.#db = db;
    this.#logger = logger;
  }

  /** Saves the reply from now on until the returned function is called; that one resolves when nothing is under way. */
  start(reply: LiveReply): () => Promise<void> {
    const growing: Growing = { savedText: reply.text, saving: undefined };
    this.#growing.set(reply, growing);
    this.#timer ??= setInterval(() => this.#saveAll(), SAVE_EVERY_MS);
    return async () => {
      this.#growing.delete(reply);
      if (this.#growing.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
      await growing.saving;
    };
  }

  /** A reply whose last save is still under way waits for the next beat. */
  #saveAll(): void {
    for (const [reply, growing] of this.#growing) {
      if (growing.saving || reply.text === growing.savedText) continue;
      growing.savedText = reply.text;
      growing.saving = this.#save(reply).finally(() => (growing.saving = undefined));
    }
  }

  async #save(reply: LiveReply): Promise<void> {
    try {
      await saveReplyPrefix(this.#db, { id: reply.messageId, parts: toParts(reply) });
    } catch (error) {
      this.#logger.warn({ err: error, messageId: reply.messageId }, 'a reply prefix could not be saved');
    }
  }
}
