import type { NewId } from '../../src/base/ids.ts';
import { sql } from 'kysely';
import { setPath } from '../../src/conversation/conversation-store.ts';
import { appendToPath, layWays } from '../../src/conversation/conversation-tree.ts';
import { insertMessage } from '../../src/conversation/message-store.ts';
import { textOf, type MessageNode } from '../../src/conversation/tree-types.ts';
import { scopeToken, toTsVector, type SearchScope } from '../../src/storage/search/message-query.ts';
import { MessageSearchStore } from '../../src/storage/search/message-search-store.ts';
import { toMessageWords } from '../../src/storage/search/message-words.ts';
import { firstRowAt } from '../../src/storage/search/search-row-store.ts';
import type { Storage, Trx } from '../../src/storage/storage.ts';
import { nextMessage, type Talk } from './seed-conversation.ts';

const BATCH = 500;
const BEGAN = Date.UTC(2026, 0, 1);
/** Milliseconds between two messages. */
const PACE = 60_000;

const ENGLISH =
  'the of and to in a that it was he for on with as his they at be this from had by word but what some we can out other were all there when up use your how said each she which do their time if will way about many then them lantern rain kettle bridge boy bicycle walked shutters step door lit late stove unkindly swept house night water light before morning'.split(
    ' ',
  );
const CHINESE =
  '的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从灯塔雨壶桥';

interface Growth {
  talk: Talk;
  length: number;
  newId: NewId;
  random: () => number;
}

/** Lets a talk grow by sentences in both languages, words as frequent as they are in life (Zipf), with their index. */
export async function seedTalk(storage: Storage, growth: Growth): Promise<void> {
  const search = new MessageSearchStore(storage.dialect);
  const { talk } = growth;
  for (let start = 0; start < growth.length; start += BATCH) {
    await storage.transaction(async (trx) => {
      for (let index = start; index < Math.min(start + BATCH, growth.length); index += 1) {
        const said = sayNext(growth, index);
        await appendToPath(trx, { conversation: talk.conversation, nodes: [said] });
        await search.put(trx, { id: said.id, conversationId: talk.conversation.id, text: textOf(said.parts) });
      }
    });
  }
}

/** The same, many messages in a statement. Talks of one house have a `place` each, for their rows in the index. */
export async function seedTalkAtOnce(
  storage: Storage,
  { place, ...growth }: Growth & { place: number },
): Promise<void> {
  const { conversation } = growth.talk;
  for (let start = 0; start < growth.length; start += BATCH) {
    const said = Array.from({ length: Math.min(BATCH, growth.length - start) }, (_, at) => sayNext(growth, start + at));
    await storage.transaction(async (trx) => {
      for (const [at, node] of said.entries()) {
        await insertMessage(trx, { ...node, activeChildId: said[at + 1]?.id ?? null });
      }
      await indexAtOnce(trx, { storage, conversation, said, place });
    });
  }
  const { leaf } = growth.talk;
  if (!leaf) return;
  await storage.transaction(async (trx) => {
    const path = { id: conversation.id, leafId: leaf.id, messageCount: leaf.depth + 1, preview: '' };
    await setPath(trx, path);
    await layWays(trx, { conversationId: conversation.id, leafId: leaf.id });
  });
}

async function indexAtOnce(
  trx: Trx,
  {
    storage,
    conversation,
    said,
    place,
  }: { storage: Storage; conversation: Talk['conversation']; said: readonly MessageNode[]; place: number },
): Promise<void> {
  const rows = said.map(({ id, createdAt, author, parts }) => {
    const scopes: SearchScope[] = [
      { kind: 'hearer', id: conversation.ownerId },
      { kind: 'conversation', id: conversation.id },
      { kind: 'character', id: conversation.characterId },
      { kind: 'author', id: author.kind },
    ];
    return { row: firstRowAt(createdAt) + place, id, words: toMessageWords(textOf(parts)), scopes };
  });
  if (storage.dialect === 'sqlite') {
    await sql`insert into "messageSearchRow" ("row", "messageId", "conversationId") values ${sql.join(
      rows.map(({ row, id }) => sql`(${row}, ${id}, ${conversation.id})`),
    )}`.execute(trx);
    await sql`insert into "messageSearch" (rowid, text, scope) values ${sql.join(
      rows.map(({ row, words, scopes }) => sql`(${row}, ${words}, ${scopes.map(scopeToken).join(' ')})`),
    )}`.execute(trx);
    return;
  }
  await sql`insert into "messageSearchRow" ("row", "messageId", "conversationId", "words") values ${sql.join(
    rows.map(
      ({ row, id, words, scopes }) => sql`(${row}, ${id}, ${conversation.id}, ${toTsVector(words, scopes)}::tsvector)`,
    ),
  )}`.execute(trx);
}

function sayNext({ talk, newId, random }: Growth, index: number): MessageNode {
  const text = index % 2 === 0 ? sentence(random) : zhSentence(random);
  talk.leaf = {
    ...nextMessage(talk, newId),
    createdAt: BEGAN + index * PACE,
    parts: [{ type: 'text', text }],
  };
  return talk.leaf;
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
