import type { Locale } from '../../contract/common.ts';
import { until } from '../../tests/integration/support/until.ts';
import type { HouseProcess } from '../../tests/e2e/support/house-process.ts';
import { createClient } from '../../client/create-client.ts';

interface ExampleRoom {
  /** Starters, the first one greets. */
  slugs: readonly string[];
  guest: string;
  /** The guest's words, to all and then in a whisper to the second character. */
  opening: string;
  whisper: string;
  question: string;
  /** Which of them answers it. */
  answerer: number;
  /** By what a message contains. */
  replies: readonly { contains: string; reply: string }[];
}

/** A room of three characters, the host and a guest. */
export const EXAMPLE_ROOMS: Readonly<Record<Locale, ExampleRoom>> = {
  en: {
    slugs: ['mira', 'tomas', 'bramble'],
    guest: 'Kim',
    opening: 'Good evening, all. I brought bread.',
    whisper: 'Does she always keep the lamp lit in daylight?',
    question: 'Who will row out with me tomorrow?',
    answerer: 1,
    replies: [
      {
        contains: 'bread',
        reply: '*She clears a corner of the table.*\n\nThen you are welcome twice. Sit where it is warm.',
      },
      { contains: 'lamp lit', reply: 'Only when somebody is out. Do not ask her who.' },
      {
        contains: 'row out',
        reply:
          '*He looks at the sky through the window, not at you.*\n\nI will. At six, before the wind has made up its mind.',
      },
    ],
  },
  'zh-CN': {
    slugs: ['yanzi', 'shidun', 'luyao'],
    guest: '阿青',
    opening: '大家晚上好，我带了新烤的饼。',
    whisper: '她店里的灯，白天也一直亮着吗？',
    question: '明天谁陪我走一趟山路？',
    answerer: 2,
    replies: [
      { contains: '饼', reply: '*她把桌角收拾出来。*\n\n那就是双份的客人了。坐暖和的那边。' },
      { contains: '灯', reply: '有人还没回来的时候才亮。别问她是谁。' },
      { contains: '山路', reply: '*风把帘子掀起一角。*\n\n我去。六点动身，赶在雾起来之前。' },
    ],
  },
};

/** What the scripted model says for them. */
export const exampleRoomScript = {
  rules: Object.values(EXAMPLE_ROOMS).flatMap(({ replies }) =>
    // What was said before stands in the prompt, too: the newest words are looked for first.
    replies.toReversed().map(({ contains, reply }) => ({
      when: { contains },
      steps: [{ type: 'tokens' as const, tokens: [reply] }],
    })),
  ),
};

/** Plays it through, the guest coming in by a link; answers the conversation's id. */
export async function playRoom(house: HouseProcess, locale: Locale): Promise<string> {
  const { owner } = house;
  const room = EXAMPLE_ROOMS[locale];
  const { characters } = await owner.call('characters', { query: { locale } });
  const ids = room.slugs.map((slug) => characters.find((one) => one.slug === slug)?.id ?? '');
  const [characterId = '', ...characterIds] = ids;
  const { id } = await owner.call('createConversation', { body: { characterId, characterIds, locale } });
  const params = { id };
  await owner.call('updateRoom', { params, body: { turnOrder: 'manual' } });
  const guest = await enter(house, { id, name: room.guest });
  const { participants } = await owner.call('conversation', { params });
  const seatOf = (characterId: string | undefined) =>
    participants.find(({ subjectId }) => subjectId === characterId)?.id ?? '';
  const rest = () => until('nobody speaks', async () => !(await owner.call('conversation', { params })).replying);
  const clientId = () => crypto.randomUUID();
  const first = { text: room.opening, clientId: clientId(), speakers: [seatOf(ids[0])] };
  await guest.call('sendMessage', { params, body: first });
  await rest();
  const second = seatOf(ids[1]);
  await guest.call('sendMessage', { params, body: { text: room.whisper, clientId: clientId(), to: [second] } });
  await rest();
  const speakers = [seatOf(ids[room.answerer])];
  await owner.call('sendMessage', { params, body: { text: room.question, clientId: clientId(), speakers } });
  await rest();
  return id;
}

/** A guest's own view of the API, by the cookie that coming in sets. */
async function enter(house: HouseProcess, { id, name }: { id: string; name: string }) {
  const { url } = await house.owner.call('createRoomInvite', { params: { id }, body: { note: name, uses: 1 } });
  const token = new URL(url).hash.slice(1);
  const answer = await fetch(`${house.address}/api/rooms/door/${token}/enter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: house.address },
    body: JSON.stringify({ name }),
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const withCookie: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie);
    headers.set('origin', house.address);
    return fetch(input, { ...init, headers });
  };
  return createClient({ baseUrl: house.address, fetch: withCookie });
}
