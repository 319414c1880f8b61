import type { NewId } from '../../src/base/ids.ts';
import { appendToPath } from '../../src/conversation/conversation-tree.ts';
import { textOf } from '../../src/conversation/tree-types.ts';
import { MessageSearchStore } from '../../src/storage/search/message-search-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { nextMessage, type Talk } from './seed-conversation.ts';

const BATCH = 500;
/** Milliseconds between two messages. */
const PACE = 60_000;

const ENGLISH =
  'the of and to in a that it was he for on with as his they at be this from had by word but what some we can out other were all there when up use your how said each she which do their time if will way about many then them lantern rain kettle bridge boy bicycle walked shutters step door lit late stove unkindly swept house night water light before morning'.split(
    ' ',
  );
const CHINESE =
  '的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从灯塔雨壶桥';

/** Lets a talk grow by sentences in both languages, words as frequent as they are in life (Zipf), with their index. */
export async function seedTalk(
  storage: Storage,
  { talk, length, newId, random }: { talk: Talk; length: number; newId: NewId; random: () => number },
): Promise<void> {
  const search = new MessageSearchStore(storage.dialect);
  const began = Date.UTC(2026, 0, 1);
  for (let start = 0; start < length; start += BATCH) {
    await storage.transaction(async (trx) => {
      for (let index = start; index < Math.min(start + BATCH, length); index += 1) {
        const text = index % 2 === 0 ? sentence(random) : zhSentence(random);
        const next = { ...nextMessage(talk, newId), createdAt: began + index * PACE };
        talk.leaf = { ...next, parts: [{ type: 'text', text }] };
        const { id } = talk.leaf;
        await appendToPath(trx, { conversation: talk.conversation, nodes: [talk.leaf] });
        await search.put(trx, { id, conversationId: talk.conversation.id, text: textOf(talk.leaf.parts) });
      }
    });
  }
}

/** A rank by Zipf's law. */
function rank(random: () => number, size: number): number {
  return Math.min(size - 1, Math.floor(Math.exp(random() * Math.log(size + 1))) - 1);
}

function sentence(random: () => number): string {
  const words = Array.from({ length: 30 }, () => {
    // One in ten is a rare word: names, places, things.
    if (random() < 0.1) return `n${Math.floor(random() * 30_000).toString(36)}`;
    return ENGLISH[rank(random, ENGLISH.length)] ?? 'the';
  });
  return `${words.join(' ')}.`;
}

function zhSentence(random: () => number): string {
  const characters = Array.from({ length: 40 }, () =>
    random() < 0.2
      ? String.fromCodePoint(0x4e00 + Math.floor(random() * 3000))
      : (CHINESE[rank(random, CHINESE.length)] ?? '的'),
  );
  return `${characters.join('')}。`;
}
