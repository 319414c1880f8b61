import type { NewId } from '../../src/base/ids.ts';
import { appendToPath } from '../../src/conversation/conversation-tree.ts';
import { textOf, type MessageNode } from '../../src/conversation/tree-types.ts';
import { passageText } from '../../src/memory/recall/passage-text.ts';
import { VectorStore } from '../../src/memory/vectors/vector-store.ts';
import { hashOfText } from '../../src/memory/words-hash.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { nextMessage, type Talk } from '../storage/seed-conversation.ts';

/** As many as all-MiniLM-L6-v2 has. */
export const DIMENSIONS = 384;
const TOPICS = 400;
/** How far texts about one thing lie from each other, in lengths of the topic. */
const SPREAD = 0.9;
const ROWS_AT_ONCE = 400;
const WORDS =
  'lantern harbour bridge winter kettle stove shutter bicycle letter garden market station window morning evening ' +
  'river mountain castle dragon sword forest silver copper engine railway teacher doctor sailor baker island fever ' +
  'violin orchard ticket ladder marble pepper candle anchor basket ferry saddle thunder velvet wagon zebra';
const vocabulary = WORDS.split(' ');

/** Vectors as texts have them: about topics, some near, most at right angles. */
export class TopicVectors {
  readonly #random: () => number;
  readonly #topics: Float32Array[];

  constructor(random: () => number) {
    this.#random = random;
    this.#topics = Array.from({ length: TOPICS }, () =>
      Float32Array.from({ length: DIMENSIONS }, () => this.#normal()),
    );
  }

  about(topic: number): Float32Array {
    const vector = Float32Array.from(this.#topics[topic % TOPICS] ?? [], (value) => value + SPREAD * this.#normal());
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  }

  /** Box and Muller's normal numbers. */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}

export interface LongLife {
  talk: Talk;
  newId: NewId;
  count: number;
  random: () => number;
  vectors: TopicVectors;
  /** The model's reference. */
  model: string;
}

/** Words of about 100 characters. */
export function wordsAbout(index: number, random: () => number): string {
  const words = Array.from({ length: 14 }, () => vocabulary[Math.floor(random() * vocabulary.length)] ?? '');
  return `${words.join(' ')} ${index}.`;
}

/** Lets a talk grow by `count` messages, each with a vector of `model`. */
export async function liveLong(storage: Storage, { talk, newId, random, vectors, ...life }: LongLife): Promise<void> {
  const store = new VectorStore(storage);
  for (let first = 0; first < life.count; first += ROWS_AT_ONCE) {
    const nodes: MessageNode[] = [];
    for (let index = first; index < Math.min(first + ROWS_AT_ONCE, life.count); index += 1) {
      talk.leaf = { ...nextMessage(talk, newId), parts: [{ type: 'text', text: wordsAbout(index, random) }] };
      nodes.push(talk.leaf);
    }
    await storage.transaction(async (trx) => {
      await appendToPath(trx, { conversation: talk.conversation, nodes });
      await store.put(trx, {
        model: life.model,
        vectors: nodes.map(({ id, conversationId, author, parts }, offset) => ({
          messageId: id,
          conversationId,
          hash: hashOfText(passageText({ speaker: author.name, text: textOf(parts) })),
          vector: vectors.about(first + offset),
        })),
      });
    });
  }
}
