import type { Locale } from '../../contract/common.ts';
import type { HouseProcess } from '../../tests/e2e/support/house-process.ts';
import { until } from '../../tests/integration/support/until.ts';
import { EXAMPLE_TALKS } from './example-talks.ts';

interface Turn {
  said: string;
  reply: string;
}

interface ExampleBranches {
  /** Where the second course of the talk parts from the first: said instead of its last words. */
  instead: Turn;
  /** Said on that course, one after the other. */
  further: readonly Turn[];
  /** Names of the two courses, and of the place before they part. */
  names: { first: string; second: string; checkpoint: string };
  /** What is looked for in the picture of the search. */
  search: string;
}

export const EXAMPLE_BRANCHES: Readonly<Record<Locale, ExampleBranches>> = {
  en: {
    instead: {
      said: 'Somebody to listen, I think.',
      reply: '*She turns the lamp low.*\n\nThen talk. I have all night.',
    },
    further: [
      { said: 'I left the city on Sunday.', reply: 'And the city, did it notice?' },
      { said: 'Not yet.', reply: 'Give it a week. Cities are slow to count.' },
    ],
    names: { first: 'The drowned bell', second: 'Talking till dawn', checkpoint: 'Before the story' },
    search: 'lamp',
  },
  'zh-CN': {
    instead: { said: '其实我只是想有人陪一会儿。', reply: '*她把灯拨暗了一点。*\n\n“那就坐着，不用说话。”' },
    further: [
      { said: '我周日就离开那座城了。', reply: '“那座城晓得了没有？”' },
      { said: '还没有。', reply: '“过一个礼拜再看。城里数人数得慢。”' },
    ],
    names: { first: '空碗', second: '陪到天亮', checkpoint: '开口之前' },
    search: '灯',
  },
};

/** What the scripted model says for them. */
export const exampleBranchesScript = {
  rules: Object.values(EXAMPLE_BRANCHES)
    .flatMap(({ instead, further }) => [instead, ...further])
    .map(({ said, reply }) => ({ when: { equals: said }, steps: [{ type: 'tokens' as const, tokens: [reply] }] })),
};

/** Plays the talk in the foreground again with two courses and a checkpoint; answers the conversation's id. */
export async function playBranches({ owner }: HouseProcess, locale: Locale): Promise<string> {
  const { instead, further, names } = EXAMPLE_BRANCHES[locale];
  const example = EXAMPLE_TALKS[locale].at(-1);
  const { characters } = await owner.call('characters');
  const characterId = characters.find(({ slug }) => slug === example?.slug)?.id ?? '';
  const { id } = await owner.call('createConversation', { body: { characterId, locale } });
  const params = { id };
  const rest = () => until('nobody speaks', async () => !(await owner.call('conversation', { params })).replying);
  const say = async (text: string) => {
    await owner.call('sendMessage', { params, body: { text, clientId: crypto.randomUUID() } });
    await rest();
  };
  const mark = (messageId: string, kind: 'branch' | 'checkpoint', name: string) =>
    owner.call('createBranchMark', { params, body: { messageId, kind, name } });
  const path = async () => (await owner.call('messages', { params, query: { limit: 50 } })).messages;
  for (const { said } of example?.turns ?? []) await say(said);
  const first = (await path()).at(-1)?.id ?? '';
  const [before, words] = (await path()).slice(-3);
  await owner.call('startReply', { params, body: { kind: 'regenerate', messageId: first } });
  await rest();
  await owner.call('editMessage', { params: { id: words?.id ?? '' }, body: { text: instead.said, reply: true } });
  await rest();
  for (const { said } of further) await say(said);
  await mark((await path()).at(-1)?.id ?? '', 'branch', names.second);
  await mark(first, 'branch', names.first);
  await mark(before?.id ?? '', 'checkpoint', names.checkpoint);
  return id;
}
