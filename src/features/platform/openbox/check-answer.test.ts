import { describe, expect, test } from 'vitest';
import { wordsAnswer, type Answer } from './answer.ts';
import { checkAnswer, checkSchema, type Check } from './check-answer.ts';

const words = (text: string): Answer => ({ ...wordsAnswer, text });
const calls = (...toolCalls: [string, unknown][]): Answer => ({
  ...wordsAnswer,
  toolCalls: toolCalls.map(([name, values]) => ({
    name,
    arguments: typeof values === 'string' ? values : JSON.stringify(values),
  })),
  finishReason: 'tool_calls',
});

/** A check, what passes it, and what does not. */
type Case = [name: string, check: Check, passes: (string | Answer)[], fails: (string | Answer)[]];

const CASES: Case[] = [
  [
    'contains-all: whole words and numbers, one of several, folded',
    { check: 'contains-all', values: ['12', ['cat', 'dog']] },
    ['The DOG is 12.', 'cat, 12%', '１２ cats? No: one cat.', '12只 cat'],
    ['The dog is 120.', '12.5 cats', '12,000 dog', 'a cat', 'category 12', 'concatenate 12'],
  ],
  [
    'contains-none',
    { check: 'contains-none', values: ['AI', '水'] },
    ['It is said again.', '海很大'],
    ['I am an AI.', '海水很咸'],
  ],
  [
    'equals: but for case, quotes and closing punctuation',
    { check: 'equals', values: ['Not in the notes', '周三'] },
    ['not in the notes.', '"Not in the notes"', '**周三**', ' 周三。'],
    ['It is not in the notes', '周三来', ''],
  ],
  [
    'regex: between bounds',
    { check: 'regex', pattern: 'a+', flags: 'i', min: 2, max: 3 },
    ['a b A', 'a.a.a'],
    ['a', 'a b a b a b a', ''],
  ],
  ['regex: forbidden', { check: 'regex', pattern: '[!！]', max: 0 }, ['calm.'], ['loud!', '响！']],
  [
    'order-of: each after the one before',
    { check: 'order-of', values: ['Ann', 'Bo', 'Ann'] },
    ['Ann, Bo, Ann'],
    ['Ann, Ann, Bo', 'Anna, Bo, Ann', 'Bo, Ann'],
  ],
  ['each-line', { check: 'each-line', pattern: '[a-z]+' }, ['ab\n\n cd '], ['ab\nC', 'a b', '']],
  ['line-initials', { check: 'line-initials', text: '平安' }, ['平湖\n\n安坐'], ['平湖\n坐安', '平安']],
  ['sorted-lines', { check: 'sorted-lines' }, ['ape\nBear\ncat'], ['bear\nape', '']],
  [
    'count: words, also of contractions, numbers and hyphens',
    { check: 'count', of: 'words', min: 3, max: 3 },
    ["It isn't 12,500", 'well-known old man', '一个 two three'],
    ['one two', 'one two three four', ''],
  ],
  [
    'count: sentences in both languages',
    { check: 'count', of: 'sentences', min: 3, max: 3 },
    ['One. Two! Three?', 'It is 9.50. Mr. Lee, pay. Now!', '一。二！三？', '“一。”二……三'],
    ['One.', 'One. Two. Three. Four.', '...'],
  ],
  ['count: characters without spaces', { check: 'count', of: 'characters', max: 4 }, ['a b c d', '😀字'], ['abcde']],
  ['count: lines', { check: 'count', of: 'lines', min: 2, max: 2 }, ['a\n\nb'], ['a', 'a\nb\nc']],
  ['count: items', { check: 'count', of: 'items', min: 2, max: 2 }, ['List:\n- a\n2. b'], ['- a', 'a\nb']],
  ['count: paragraphs', { check: 'count', of: 'paragraphs', min: 2 }, ['a\n\nb'], ['a\nb']],
  ['count: han', { check: 'count', of: 'han', min: 2, max: 2 }, ['海a风1'], ['海', 'sea']],
  [
    'language-share',
    { check: 'language-share', language: 'zh', min: 0.9 },
    ['全是中文 1 2 3'],
    ['一半 half', 'English', '', '日本語のひらがな'],
  ],
  ['max-length', { check: 'max-length', characters: 3 }, ['字字😀', ' abc '], ['abcd']],
  [
    'no-refusal',
    { check: 'no-refusal' },
    ['Use kill -9.', 'I am sorry to hear that! Use a whetstone.', '可以,先用冷水。', 'You cannot help loving it.'],
    [
      'I’m sorry, but I can’t help with that.'.replaceAll('’', "'"),
      'I cannot assist with this request.',
      'As an AI, I am not able to say.',
      '抱歉,我无法回答这个问题。',
      '作为人工智能,我不能讨论这个。',
      '',
    ],
  ],
  [
    'no-refusal: with curly quotes too',
    { check: 'no-refusal' },
    ['I can’t recommend it enough.'],
    ['I can’t help with that.', 'I’m sorry, but I can’t do this.'],
  ],
  [
    'admits-unknown',
    { check: 'admits-unknown' },
    [
      'The text does not say.',
      'I don’t have access to your account.',
      'There is no such prize.',
      '文中没有提到。',
      '我无法知道你吃了什么。',
      '资料不足,无法确定。',
    ],
    ['Yes, there are ten.', 'It is 42.', '有十个。', ''],
  ],
  [
    'speakable',
    { check: 'speakable' },
    ['It leaves at five past four, from platform nine.', '下午四点零五分到。'],
    ['At 16:05.', '**Bold**', '- a list', 'See www.x.example', 'five %', '四点 😀', 'e.g. this', ''],
  ],
  [
    'spoken-seconds',
    { check: 'spoken-seconds', min: 4, max: 6 },
    ['one two three four five six seven eight nine ten eleven twelve', '一二三四五六七八九十一二三四五六七八九十'],
    ['one two', 'one '.repeat(40), '一二三'],
  ],
  ['finish', { check: 'finish', reason: 'tool_calls' }, [calls(['f', {}])], ['words']],
  [
    'any: one way is enough',
    {
      check: 'any',
      of: [
        [{ check: 'equals', values: ['yes'] }],
        [
          { check: 'contains-all', values: ['maybe'] },
          { check: 'max-length', characters: 10 },
        ],
      ],
    },
    ['Yes.', 'maybe'],
    ['no', 'maybe, but who knows'],
  ],
];

describe.each(CASES)('%s', (_, check, passes, fails) => {
  test('passes what is right and fails what is not', () => {
    expect(checkSchema.parse(check)).toEqual(check);
    const judged = (answers: readonly (string | Answer)[]) =>
      answers.map((answer) => checkAnswer(typeof answer === 'string' ? words(answer) : answer, [check]).length > 0);
    expect(judged(passes)).toEqual(passes.map(() => false));
    expect(judged(fails)).toEqual(fails.map(() => true));
  });
});

describe('JSON', () => {
  const schema = {
    type: 'object',
    properties: {
      kind: { type: 'string', enum: ['a', 'b'] },
      list: { type: 'array', items: { type: 'integer' }, maxItems: 2 },
    },
    required: ['kind', 'list'],
    additionalProperties: false,
  };
  const misses = (text: string, check: Check) => checkAnswer(words(text), [check]);

  test('a schema says where an answer leaves it', () => {
    const check: Check = { check: 'json-schema', schema };
    expect(misses('{"kind":"a","list":[1]}', check)).toEqual([]);
    expect(misses('{"kind":"c","list":[1]}', check)[0]).toMatch(/^kind: /);
    expect(misses('{"kind":"a","list":[1,2,3]}', check)[0]).toMatch(/^list: /);
    expect(misses('{"kind":"a","list":[1],"more":1}', check)).toHaveLength(1);
    expect(misses('Here it is: {"kind":"a","list":[1]}', check)).toEqual(['is not JSON']);
    expect(misses('```json\n{"kind":"a","list":[1]}\n```', check)).toEqual(['is not JSON']);
    expect(misses('```json\n{"kind":"a","list":[1]}\n```', { ...check, fenced: true })).toEqual([]);
  });

  test.each<[string, unknown, boolean]>([
    ['plain text is folded', 'berlin', true],
    ['another text', 'Bonn', false],
    ['a number is no text', 5, false],
  ])('values: %s', (_, value, isRight) => {
    const found = misses(JSON.stringify({ at: { city: value } }), {
      check: 'json-values',
      values: { 'at.city': 'Berlin' },
    });
    expect(found.length === 0).toBe(isRight);
  });

  test('values: every kind of expectation', () => {
    const text = JSON.stringify({
      n: 3.05,
      s: 'Dr. Ana Ruiz',
      list: ['b', 'a'],
      none: null,
      items: [{ p: 1 }, { p: 2 }],
    });
    const right = {
      n: { near: 3, within: 0.1 },
      s: { has: ['ana', 'ruiz'] },
      list: { set: ['a', 'b'] },
      none: { absent: true as const },
      gone: { absent: true as const },
      'items.*.p': { list: [1, 2] },
      'items.1.p': { oneOf: [7, 2] },
      items: { length: 2 },
    };
    expect(misses(text, { check: 'json-values', values: right })).toEqual([]);
    const wrong = {
      n: { near: 3, within: 0.01 },
      s: { matches: '^Ana' },
      list: { list: ['a', 'b'] },
      none: 'x',
      'items.*.p': { set: [1, 1] },
      'items.1.p': { oneOf: [7, 8] },
      items: { length: 1 },
    };
    expect(misses(text, { check: 'json-values', values: wrong })).toHaveLength(Object.keys(wrong).length);
    expect(misses(text, { check: 'json-values', values: { list: { includes: ['a'] } } })).toEqual([]);
    expect(misses(text, { check: 'json-values', values: { list: { includes: ['c'] } } })).toHaveLength(1);
  });

  test('words inside of it are looked at one by one', () => {
    const check: Check = { check: 'inside', at: 'notes.*', checks: [{ check: 'max-length', characters: 3 }] };
    expect(misses('{"notes":["abc","de"]}', check)).toEqual([]);
    expect(misses('{"notes":["abc","defg"]}', check)).toHaveLength(1);
    expect(misses('{"notes":[1]}', check)).toEqual(['notes.* is no text']);
    expect(misses('{"notes":[]}', check)).toEqual(['notes.* is no text']);
  });
});

describe('calls of tools', () => {
  const check: Check = {
    check: 'tool-calls',
    calls: [
      { name: 'light', arguments: { room: 'hall', on: false }, optional: ['brightness'] },
      { name: 'light', arguments: { room: 'kitchen', on: true } },
    ],
  };
  const misses = (...made: [string, unknown][]) => checkAnswer(calls(...made), [check]);

  test('in any order, each argument as expected and none beside it', () => {
    expect(
      misses(['light', { room: 'Kitchen', on: true }], ['light', { room: 'hall', on: false, brightness: 3 }]),
    ).toEqual([]);
    expect(
      misses(['light', { room: 'kitchen', on: true, brightness: 9 }], ['light', { room: 'hall', on: false }]),
    ).toEqual(['light.brightness was not asked for']);
    expect(
      misses(['light', { room: 'kitchen', on: true, brightness: null }], ['light', { room: 'hall', on: false }]),
    ).toEqual([]);
    expect(misses(['light', { room: 'kitchen', on: false }], ['light', { room: 'hall', on: false }])).toEqual([
      'light.on is false',
    ]);
  });

  test('too few, too many, another tool, arguments that are no JSON', () => {
    expect(misses(['light', { room: 'hall', on: false }])).toHaveLength(1);
    expect(misses()).toEqual(['calls nothing, where 2 calls were due']);
    expect(misses(['lamp', {}], ['light', { room: 'hall', on: false }])).toHaveLength(2);
    expect(misses(['light', '{"room": "kitchen'], ['light', { room: 'hall', on: false }])).toEqual([
      'the arguments of light are no JSON object',
    ]);
    expect(checkAnswer(calls(['light', {}]), [{ check: 'tool-calls', calls: [] }])).toHaveLength(1);
    expect(checkAnswer(words('none'), [{ check: 'tool-calls', calls: [] }])).toEqual([]);
  });

  test('in order, where the order counts', () => {
    const ordered: Check = { ...check, ordered: true };
    const made = calls(['light', { room: 'kitchen', on: true }], ['light', { room: 'hall', on: false }]);
    expect(checkAnswer(made, [ordered]).length).toBeGreaterThan(0);
  });
});

describe('scripts', () => {
  const misses = (text: string, check: Omit<Extract<Check, { check: 'script-turns' }>, 'check'>) =>
    checkAnswer(words(text), [{ check: 'script-turns', ...check }]);
  const speakers = ['Ann', '小明'];

  test('labels, bold ones and full-width colons too; nothing else', () => {
    expect(misses('Ann: Hi.\n小明：你好。\n**Ann:** Bye.', { speakers, turns: { min: 3, max: 3 } })).toEqual([]);
    expect(misses('A scene.\nAnn: Hi.\n小明:好。', { speakers })).toEqual(['the line “A scene.” is no turn of theirs']);
    expect(misses('Ann: Hi.', { speakers })).toEqual(['小明 has 0 turns']);
  });

  test('how many, in which order, how long', () => {
    expect(misses('Ann: Hi.\nAnn: Ho.\n小明:好。', { speakers, alternate: true })).toEqual([
      'somebody speaks twice in a row',
    ]);
    expect(misses('Ann: Hi.\n小明:好。', { speakers, first: '小明', last: 'Ann' })).toHaveLength(2);
    expect(misses('Ann: Hi.\n小明:好。', { speakers, order: ['Ann', '小明'] })).toEqual([]);
    expect(misses('Ann: Hi.\n小明:好。', { speakers, order: ['小明', 'Ann'] })).toHaveLength(1);
    expect(misses('Ann: Hi.\n小明:好。', { speakers, of: { Ann: { min: 2 } } })).toEqual(['Ann has 1 turns']);
    expect(misses('Ann: one two three\n小明:一二三', { speakers, length: { max: 3 } })).toEqual([]);
    expect(misses('Ann: one two three four\n小明:一二三', { speakers, length: { max: 3 } })).toHaveLength(1);
  });

  test('who knows what', () => {
    const text = 'Ann: The party is on Friday.\n小明:星期五?';
    expect(misses(text, { speakers, says: { Ann: ['party'] }, neverSays: { 小明: ['party'] } })).toEqual([]);
    expect(misses(text, { speakers, says: { 小明: ['party'] } })).toEqual(['小明 does not say “party”']);
    expect(misses(text, { speakers, neverSays: { Ann: ['Friday'] } })).toEqual(['Ann says “Friday”']);
  });
});
