import type { Locale } from '../../contract/common.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';

/** What is said in the pictures, the person first. */
interface Turn {
  said: string;
  reply: string;
}

export interface ExampleTalk {
  slug: string;
  turns: readonly Turn[];
}

/** The last talk of each language is the one in the foreground. */
export const EXAMPLE_TALKS: Readonly<Record<Locale, readonly ExampleTalk[]>> = {
  en: [
    {
      slug: 'bramble',
      turns: [{ said: 'Did you eat the moon?', reply: 'Only the edge of it. It grows back.' }],
    },
    {
      slug: 'wren',
      turns: [{ said: 'Where shall we walk today?', reply: 'North, until the road forgets its name.' }],
    },
    {
      slug: 'yanzi',
      turns: [{ said: 'I am late again.', reply: 'Late for whom? The kettle only just sat down.' }],
    },
    {
      slug: 'mira',
      turns: [
        {
          said: 'Robin. I could not sleep, and your light was on.',
          reply:
            '*She moves Bosun off the good chair with one foot, and the kettle over the heat with the other hand.*\n\n' +
            'Sit, Robin. That one, he has been warming it since noon. The wind tries every door on this rock, gets no ' +
            'answer, and goes off to bother the gulls.\n\n' +
            'Well now. Is it the sort of night that wants a story, or the sort that wants somebody to listen?',
        },
        {
          said: 'A story. The drowned bell.',
          reply:
            '*The lamp turns once over the window before she begins.*\n\n' +
            'My sixth winter. Fog so thick I rang by hand, three strokes and a pause. And out past the reef, where ' +
            'nothing owns a bell, something rang back. Three strokes. A pause.\n\n' +
            '*Bosun’s ears go flat, as they do every time.*\n\n' +
            'I could ring on, and let it come closer. Or I could stop, and never know. What would you have done?',
        },
      ],
    },
  ],
  'zh-CN': [
    {
      slug: 'shidun',
      turns: [{ said: '你在这儿守了多久了？', reply: '三百年零一个下午。那个下午最长。' }],
    },
    {
      slug: 'luyao',
      turns: [{ said: '今天往哪儿走？', reply: '往北，走到路忘了自己的名字为止。' }],
    },
    {
      slug: 'mira',
      turns: [{ said: '灯还亮着吗？', reply: '亮着呢。来，坐，先喝口热的。' }],
    },
    {
      slug: 'yanzi',
      turns: [
        {
          said: '我叫小林。今天加班到现在，不太想回家。',
          reply:
            '*她没接话，往你碗里多舀了半勺红糖，搅了两圈，推过来。*\n\n' +
            '“小林，行，我记下了。不想回家的人，多半是家里那盏灯得自己开。先喝一口，吃了没？”\n\n' +
            '*账房翻了个身，把肚皮贴到你袖子上。*',
        },
        {
          said: '没吃。也说不上怎么了，就是空落落的。',
          reply:
            '“空了就对了，锅空着才好下东西。”\n\n' +
            '*她掀开木盖，白汽扑上来，中间那盏灯笼跟着晃了晃。*\n\n' +
            '“酒酿圆子，桂花是今年新打的。你慢慢吃，我慢慢收，天亮还早着呢。”\n\n' +
            '*过了一会儿，她翻开红皮小本子，又轻轻合上。*\n\n' +
            '“今晚就做一件事：吃完这碗，给自己留一盏灯。明儿你来，我要问的。”',
        },
      ],
    },
  ],
};

/** A model that answers each sentence above as it stands there, at a pace one can follow. */
export const exampleScript: ScriptInput = {
  name: 'example',
  label: 'Example model',
  rules: Object.values(EXAMPLE_TALKS)
    .flat()
    .flatMap(({ turns }) => turns)
    .map(({ said, reply }) => ({
      when: { equals: said },
      steps: [{ type: 'tokens', tokens: reply.split(/(?<=[ 。，！？\n])/u), delayInMs: 8 }],
    })),
};
