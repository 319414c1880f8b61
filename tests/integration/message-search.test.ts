import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SearchPage } from '../../contract/search.ts';
import { insertParticipant } from '../../src/conversation/participant-store.ts';
import { MessageSearchStore } from '../../src/storage/search/message-search-store.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let number = 0;
/** Somebody new for each test, so that nothing else is found. */
let person: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
beforeEach(async () => {
  number += 1;
  person = await house.member(`finder${number}`);
});
afterAll(() => house[Symbol.asyncDispose]());

const wide = (q: string, more = '', who = person) =>
  who.call<SearchPage>('GET', `/api/search/messages?q=${encodeURIComponent(q)}${more}`);
const within = (id: string, q: string, more = '', who = person) =>
  who.call<SearchPage>('GET', `/api/conversations/${id}/search?q=${encodeURIComponent(q)}${more}`);
const marked = ({ hits }: SearchPage) =>
  hits.map(({ excerpt }) => excerpt.marks.map(([from, to]) => excerpt.text.slice(from, to)));
const idsOf = ({ hits }: SearchPage) => hits.map(({ messageId }) => messageId);

async function said(text: string, conversationId?: string) {
  const id = conversationId ?? (await person.begin()).id;
  const { message } = await person.say(id, text, { reply: false });
  return { id, messageId: message.id };
}

describe('words that were said', () => {
  test('are found in both languages, as phrases, begun and folded, with what matched marked', async () => {
    const tea = await said('We drank green tea at the Café Müller.');
    const coffee = await said('今天下午我們在老街喝咖啡，聊了很久。', tea.id);
    const mixed = await said('我用Node写了一个程序', tea.id);
    for (const [query, found, marks] of [
      ['tea', [tea], [['tea']]],
      ['GREEN drank', [tea], [['drank', 'green']]],
      ['"green tea"', [tea], [['green tea']]],
      ['"tea green"', [], []],
      ['“drank green te”', [], []],
      ['cafe mul', [tea], [['Café', 'Müller']]],
      ['咖', [coffee], [['咖']]],
      ['咖啡', [coffee], [['咖啡']]],
      ['我们', [coffee], [['我們']]],
      ['聊了 老街', [coffee], [['老街', '聊了']]],
      ['我', [mixed, coffee], [['我'], ['我']]],
      ['node', [mixed], [['Node']]],
      ['absent', [], []],
    ] as const) {
      const page = await within(tea.id, query);
      expect(idsOf(page), query).toEqual(found.map(({ messageId }) => messageId));
      expect(marked(page), query).toEqual(marks);
      expect(page.total, query).toBe(found.length);
    }
  });

  test('get an answer or a clear refusal whatever is asked', async () => {
    const { id, messageId } = await said('a xylophone per cent OR else');
    for (const query of ['%', '_', '*', '"', '""', '。，', ')(', '\\', "'", '', ' ', ':*', '🎉']) {
      expect(await within(id, query), query).toMatchObject({ hits: [], total: 0, nextCursor: null });
    }
    for (const query of [
      'xylophone OR cent',
      'NOT xylophone',
      "xylophone' --",
      'text : xylophone',
      'NEAR(xylophone cent)',
    ]) {
      const found = idsOf(await within(id, query));
      expect(found, query).toEqual(/^(?:xylophone OR|xylophone')/.test(query) ? [messageId] : []);
    }
    const path = `/api/conversations/${id}/search`;
    for (const [query, field] of [
      [`q=${'x'.repeat(10_240)}`, 'q'],
      ['', 'q'],
      ['q=xylophone&cursor=nonsense', 'cursor'],
      ['q=xylophone&limit=100000', 'limit'],
      ['q=xylophone&from=tomorrow', 'from'],
      ['q=xylophone&order=random', 'order'],
    ] as const) {
      expect(await person.refusal('GET', `${path}?${query}`), query).toMatchObject({ status: 400, field });
    }
    expect(idsOf(await within(id, `xylophone ${'h '.repeat(90)}`))).toEqual([]);
  });

  test('follow the tree: other branches say that they are, deleted words are gone, hidden ones stay', async () => {
    const { id, messageId } = await said('The lighthouse burns');
    const edited = await person.call<{ message: { id: string } }>('POST', `/api/messages/${messageId}/edit`, {
      text: 'The lighthouse is dark',
    });
    const all = await within(id, 'lighthouse');
    expect(all.hits.map(({ messageId, onPath }) => [messageId, onPath])).toEqual([
      [edited.message.id, true],
      [messageId, false],
    ]);
    expect(idsOf(await within(id, 'lighthouse', '&where=path'))).toEqual([edited.message.id]);
    await person.call('POST', `/api/conversations/${id}/path`, { messageId });
    const after = await within(id, 'lighthouse', '&where=path');
    expect(idsOf(after)).toEqual([messageId]);
    expect(after.total).toBe(1);
    await person.call('POST', `/api/messages/${messageId}/hide`);
    expect((await within(id, 'burns')).hits).toMatchObject([{ messageId, hidden: true }]);
    await person.call('DELETE', `/api/messages/${messageId}`);
    expect(idsOf(await within(id, 'lighthouse'))).toEqual([edited.message.id]);
    await person.call('POST', `/api/messages/${messageId}/restore`);
    expect(idsOf(await wide('lighthouse'))).toEqual([edited.message.id, messageId]);
    await person.call('DELETE', `/api/conversations/${id}`);
    expect(idsOf(await wide('lighthouse'))).toEqual([]);
    await person.call('POST', `/api/conversations/${id}/restore`);
    expect((await wide('lighthouse')).total).toBe(2);
    await person.call('POST', `/api/conversations/${id}/purge`);
    expect((await wide('lighthouse')).total).toBe(0);
  });

  test('are narrowed by character, conversation, author and day, in three orders, page by page', async () => {
    const mira = await person.begin('starter-mira');
    const yanzi = await person.begin('starter-yanzi');
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const { message } = await person.say(index % 2 ? yanzi.id : mira.id, `harbour ${'fog '.repeat(index)}`, {
        reply: false,
      });
      ids.unshift(message.id);
    }
    const pages = async (more: string) => {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: SearchPage = await wide('harbour', `&limit=3${more}${cursor && `&cursor=${cursor}`}`);
        expect(page.total).toBe(cursor === '' ? 7 : null);
        seen.push(...idsOf(page));
        cursor = page.nextCursor;
      }
      return seen;
    };
    expect(await pages('')).toEqual(ids);
    expect(await pages('&order=oldest')).toEqual(ids.toReversed());
    // The shorter a message, the more of it is about the word.
    expect(await pages('&order=best')).toEqual(ids.toReversed());
    const withYanzi = await wide('harbour', '&character=starter-yanzi');
    expect(idsOf(withYanzi)).toEqual(ids.filter((_, index) => index % 2 === 1));
    expect(withYanzi.places).toMatchObject([{ id: yanzi.id, characterName: '燕子' }].map(({ id }) => ({ id })));
    expect(idsOf(await wide('harbour', `&conversation=${mira.id}`))).toEqual(ids.filter((_, index) => index % 2 === 0));
    expect((await wide('harbour', '&author=character')).total).toBe(0);
    expect((await wide('harbour', '&author=human')).total).toBe(7);
    const { createdAt } = await person.message(ids[3]!);
    expect((await wide('harbour', `&from=${createdAt}`)).hits.every((hit) => hit.createdAt >= createdAt)).toBe(true);
    expect((await wide('harbour', `&to=${createdAt}`)).hits.every((hit) => hit.createdAt < createdAt)).toBe(true);
    const before = (await wide('harbour', `&to=${createdAt}`)).total ?? 0;
    expect(before + ((await wide('harbour', `&from=${createdAt}`)).total ?? 0)).toBe(7);
  });

  test('stay with those who heard them', async () => {
    const guest = await house.member(`guest${number}`);
    const guestId = (await guest.call<{ id: string }>('GET', '/api/me')).id;
    const { id } = await person.begin();
    const { storage } = house.app;
    const search = new MessageSearchStore(storage.dialect);
    const [lead] = (await person.conversation(id)).participants.filter(({ kind }) => kind === 'character');
    const before = await said('saffron before anybody came', id);
    await storage.transaction((trx) =>
      insertParticipant(trx, {
        id: `seat${number}`,
        conversationId: id,
        kind: 'human',
        subjectId: guestId,
        name: 'Guest',
        role: 'guest',
        fromStart: false,
        createdAt: 1,
      }),
    );
    const hostId = (await person.conversation(id)).seatId!;
    const heardBy = async (text: string, audience: string[]) => {
      const { messageId } = await said(text, id);
      await storage.transaction(async (trx) => {
        await trx
          .updateTable('message')
          .set({ audience: JSON.stringify(audience) })
          .where('id', '=', messageId)
          .execute();
        await search.put(trx, { id: messageId, conversationId: id, text });
      });
      return messageId;
    };
    const both = await heardBy('saffron for all', [hostId, `seat${number}`, lead!.id]);
    const guestOnly = await heardBy('saffron whispered to the character', [`seat${number}`, lead!.id]);
    const hostOnly = await heardBy('saffron between us', [hostId, lead!.id]);
    for (const find of [(who: Caller) => within(id, 'saffron', '', who), (who: Caller) => wide('saffron', '', who)]) {
      const host = await find(person);
      expect(idsOf(host)).toEqual([hostOnly, both, before.messageId]);
      expect(host.total).toBe(3);
      const theirs = await find(guest);
      expect(idsOf(theirs)).toEqual([guestOnly, both]);
      expect(theirs.total).toBe(2);
    }
    const stranger = await house.member(`stranger${number}`);
    expect((await wide('saffron', '', stranger)).total).toBe(0);
    expect(await stranger.refusal('GET', `/api/conversations/${id}/search?q=saffron`)).toMatchObject({ status: 404 });
    await storage.db.updateTable('participant').set({ leftAt: 2 }).where('id', '=', `seat${number}`).execute();
    expect((await wide('saffron', '', guest)).total).toBe(0);
  });
});
