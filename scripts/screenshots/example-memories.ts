import type { Locale } from '../../contract/common.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';

interface ToldThing {
  said: string;
  reply: string;
  /** As the model retells it; absent: nothing that lasts. */
  fact?: string;
}

export interface ExampleMemory {
  slug: string;
  turns: readonly ToldThing[];
  /** What the person adds on the page itself. */
  added: string;
  date: string;
}

/** What a character is told in the pictures of its memory. */
export const EXAMPLE_MEMORIES: Readonly<Record<Locale, ExampleMemory>> = {
  en: {
    slug: 'mira',
    turns: [
      {
        said: 'I work as a bookbinder in Hull.',
        reply: 'Then you know what salt air does to glue.',
        fact: 'Robin works as a bookbinder in Hull.',
      },
      {
        said: 'My sister Ines moved from Lyon to Porto in May.',
        reply: 'From one river to the next, and nearer the sea each time.',
        fact: "Robin's sister Ines moved from Lyon to Porto in May.",
      },
      {
        said: 'I am allergic to peanuts.',
        reply: 'Bosun will have to eat the biscuits alone, then.',
        fact: 'Robin is allergic to peanuts.',
      },
      { said: 'Good night, Mira.', reply: 'Good night. I leave the lamp on.' },
    ],
    added: 'Robin sleeps badly when the wind is from the east.',
    date: 'Robin brings the mended log book back.',
  },
  'zh-CN': {
    slug: 'yanzi',
    turns: [
      {
        said: '我在老城一家小书店当店员。',
        reply: '“那你身上有纸味，怪不得账房跟你亲。”',
        fact: '小林在老城一家小书店当店员。',
      },
      {
        said: '我妹妹小雨五月从上海搬到了昆明。',
        reply: '“昆明好，汤圆到那儿都不怕凉。”',
        fact: '小林的妹妹小雨五月从上海搬到了昆明。',
      },
      { said: '我对花生过敏。', reply: '“行，你那碗不撒花生碎，我记下了。”', fact: '小林对花生过敏。' },
      { said: '晚安，燕子。', reply: '“晚安，灯给你留着。”' },
    ],
    added: '小林刮东风的晚上睡不好。',
    date: '小林来说面试怎么样。',
  },
};

const told = Object.values(EXAMPLE_MEMORIES).flatMap(({ turns }) => turns);
const says = (text: string) => [{ type: 'tokens' as const, tokens: [text], delayInMs: 0 }];

/** Answers what is told above, and reads it for facts. */
export const exampleMemoryScript = {
  rules: told.map(({ said, reply }) => ({ when: { contains: said }, steps: says(reply) })),
  memoryRules: told.flatMap(({ said, fact }) =>
    fact === undefined
      ? []
      : [{ when: { contains: said }, steps: says(JSON.stringify({ kind: 'lasting', text: fact })) }],
  ),
} satisfies ScriptInput;
