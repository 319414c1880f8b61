import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { processorTimeInMs } from '../../../tests/support/processor-time.ts';
import { ClauseSplitter, type ClauseSplitterOptions, type SpokenClause } from './clause-splitter.ts';

function split(reply: string, options?: ClauseSplitterOptions): SpokenClause[] {
  const splitter = new ClauseSplitter(options);
  return [...splitter.push(reply), ...splitter.end()];
}

function spoken(reply: string, options?: ClauseSplitterOptions): string[] {
  return split(reply, options)
    .map((clause) => clause.spoken)
    .filter((words) => words !== '');
}

/** Pairs of what is said and how. */
function voiced(reply: string, options?: ClauseSplitterOptions): [string, string][] {
  return split(reply, options)
    .filter((clause) => clause.spoken !== '')
    .map((clause) => [clause.spoken, clause.emotion]);
}

describe('where clauses end', () => {
  test.each<[string, string[]]>([
    ['Hello there. How are you?', ['Hello there.', 'How are you?']],
    [
      'I was thinking about you today, and then you called.',
      ['I was thinking about you today,', 'and then you called.'],
    ],
    ['Well, I see, but no.', ['Well, I see, but no.']],
    ['Mr. Smith met Dr. Jones at St. Mary. Then he left.', ['Mr. Smith met Dr. Jones at St. Mary.', 'Then he left.']],
    ['It is 3.14 or so. Fine.', ['It is 3.14 or so.', 'Fine.']],
    ['Meet at 10:30, okay? Bring v1.2.', ['Meet at 10:30, okay?', 'Bring v1.2.']],
    ['She lives in the U.S. now. I do not.', ['She lives in the U.S. now.', 'I do not.']],
    ['He left at 5 p.m. Then it rained.', ['He left at 5 p.m.', 'Then it rained.']],
    ['Fruit, e.g. apples, i.e. food. Yes.', ['Fruit, e.g. apples, i.e. food.', 'Yes.']],
    ['See https://example.com/a.b?c=1. It is good.', ['See https://example.com/a.b?c=1.', 'It is good.']],
    ['Wait... I think so. Really...! Go.', ['Wait... I think so.', 'Really...!', 'Go.']],
    ['It costs 1,000,000 dollars for everyone. Wow!', ['It costs 1,000,000 dollars for everyone.', 'Wow!']],
    ['"No," she said. "Never." He left.', ['"No," she said.', '"Never."', 'He left.']],
    ['“Is it true?” I asked. “Yes!” he cried.', ['“Is it true?”', 'I asked.', '“Yes!”', 'he cried.']],
    ['No. 5 is alive. No. I mean it.', ['No. 5 is alive.', 'No.', 'I mean it.']],
    ['J. K. Rowling wrote it. So do I. Good.', ['J. K. Rowling wrote it.', 'So do I.', 'Good.']],
    ['你好。今天天气不错！是吗？', ['你好。', '今天天气不错！', '是吗？']],
    ['我昨天晚上想了很久，觉得你说得对。', ['我昨天晚上想了很久，', '觉得你说得对。']],
    ['他说：“你好。”然后走了。', ['他说：“你好。”', '然后走了。']],
    ['她问："真的吗？"我说："真的。"', ['她问："真的吗？"', '我说："真的。"']],
    ['价格是3.5元，不是1,000元。好。', ['价格是3.5元，不是1,000元。', '好。']],
    ['好呀～我们走吧！', ['好呀，我们走吧！']],
    ['First line\nSecond line', ['First line', 'Second line']],
    ['', []],
  ])('%j', (reply, expected) => {
    expect(spoken(reply)).toEqual(expected);
  });

  test('a clause is handed out only when its end is certain', () => {
    const splitter = new ClauseSplitter();
    expect(splitter.push('It is 3.')).toEqual([]);
    expect(splitter.push('14 today.')).toEqual([]);
    expect(splitter.push(' ').map((clause) => clause.spoken)).toEqual(['It is 3.14 today.']);
    expect(splitter.push('Yes.')).toEqual([]);
    expect(splitter.end().map((clause) => clause.spoken)).toEqual(['Yes.']);
    expect(splitter.end()).toEqual([]);
  });

  test('long sentences are cut at commas, conjunctions, or between words', () => {
    const endless = 'the river runs on '.repeat(30).trim();
    for (const words of spoken(endless)) expect(words.split(' ').length).toBeLessThanOrEqual(26);
    const chinese = '我们一起沿着河边慢慢地走'.repeat(12);
    for (const words of spoken(chinese)) expect(words.length).toBeLessThanOrEqual(46);
    const [first] = spoken('We should all go down to the old harbour today because the ships are coming home.');
    expect(first).toBe('We should all go down to the old harbour today');
    expect(split('a'.repeat(5000)).length).toBeGreaterThan(10);
  });

  test('the first clause may be asked to be longer', () => {
    const reply = 'I was thinking about you today, and then you called, which was nice.';
    expect(spoken(reply, { firstClauseWords: 9 })[0]).toBe('I was thinking about you today, and then you called,');
  });
});

describe('what is not read aloud', () => {
  test.each<[string, string[]]>([
    ['*She laughs softly.* Hello.', ['Hello.']],
    ['I *really* mean it.', ['I really mean it.']],
    ['*Never* say that.', ['Never say that.']],
    ['Fine. *shrugs* Whatever.', ['Fine.', 'Whatever.']],
    ['_smiles_ Hello.', ['Hello.']],
    ['Oh (sighs) well.', ['Oh', 'well.']],
    ['Paris (the one in Texas) is small.', ['Paris (the one in Texas) is small.']],
    ['*轻声地笑*你好。（叹了口气）走吧。【转身】再见。', ['你好。', '走吧。', '再见。']],
    ['人工智能（AI）很有意思。', ['人工智能（AI）很有意思。']],
    ['我*真的*很开心。', ['我真的很开心。']],
    ['**Bold** and ~~gone~~ and `code`.', ['Bold and gone and code.']],
    ['# Title\n> Quote\n- one\n* two\n---\nEnd', ['Title', 'Quote', 'one', 'two', 'End']],
    ['Look:\n```js\nlet a = 1;\n```\nDone.', ['Look:', 'Done.']],
    ['![cat](http://x.y/c.png) A [cat](http://x.y).', ['A cat.']],
    ['| a | b |\n|---|---|\n| c | d |\n', ['a, b,', 'c, d,']],
    ['Fun 😂👩‍👩‍👧 day :) ok', ['Fun day ok']],
    ['😂❤️', []],
    ['5 * 3 is 15, 5*3 too, snake_case_name.', ['5 * 3 is 15, 5*3 too, snake_case_name.']],
    ['Hello<br>there [1] friend.', ['Hellothere friend.']],
    ['\\*not narration\\* at all', ['*not narration* at all']],
  ])('%j', (reply, expected) => {
    expect(spoken(reply)).toEqual(expected);
  });

  test.each<[string, string]>([
    ['*she smiles and goes on. Then she speaks.\nHello there.', 'Hello there.'],
    ['*smiles warmly\nHello there.', 'Hello there.'],
    ['```js\ncode\n\nBut this is said.', 'But this is said.'],
    ['Oh (never closed. It goes on.\nHello there.', 'Hello there.'],
    ['[never closed. It goes on. ' + 'More words come here. '.repeat(20) + 'Hello there.', 'Hello there.'],
    ['`never closed. Hello there.', 'Hello there.'],
  ])('an unclosed mark swallows nothing: %j', (reply, last) => {
    expect(spoken(reply).at(-1)).toBe(last);
  });

  test('a narrator reads the narration, never the tags', () => {
    expect(voiced('*The door opens.* [laughs] "Come in." （他笑了）请坐。', { narration: 'read' })).toEqual([
      ['The door opens.', 'neutral'],
      ['"Come in."', 'happy'],
      ['他笑了', 'happy'],
      ['请坐。', 'happy'],
    ]);
  });
});

describe('how it is said', () => {
  test.each<[string, [string, string][]]>([
    [
      '*laughs* Hello. I missed you.',
      [
        ['Hello.', 'happy'],
        ['I missed you.', 'happy'],
      ],
    ],
    [
      'Hello. *whispers* Come here. *smiles* Good.',
      [
        ['Hello.', 'neutral'],
        ['Come here.', 'whisper'],
        ['Good.', 'happy'],
      ],
    ],
    [
      'Come closer *lowers her voice* and listen.',
      [
        ['Come closer', 'neutral'],
        ['and listen.', 'whisper'],
      ],
    ],
    ['（叹气）我不知道。', [['我不知道。', 'sad']]],
    [
      '*轻声*过来。（大喊）快跑！',
      [
        ['过来。', 'whisper'],
        ['快跑！', 'angry'],
      ],
    ],
    [
      '<sad>I am sorry.</sad> Now then.',
      [
        ['I am sorry.', 'sad'],
        ['Now then.', 'neutral'],
      ],
    ],
    [
      '[laughs] Funny.\n\nNext day it rained.',
      [
        ['Funny.', 'happy'],
        ['Next day it rained.', 'neutral'],
      ],
    ],
    ['*sighs softly* Fine.', [['Fine.', 'sad']]],
    ['*smiles softly* Fine.', [['Fine.', 'tender']]],
    ['*She does not smile.* Fine.', [['Fine.', 'neutral']]],
    ['*trembling* W-who is it?', [['W-who is it?', 'fearful']]],
    ['*gasps* You came!', [['You came!', 'surprised']]],
    ['So good 😂', [['So good', 'happy']]],
  ])('%j', (reply, expected) => {
    expect(voiced(reply)).toEqual(expected);
  });
});

const pieces = fc.constantFrom(
  '*',
  '**',
  '_',
  '`',
  '```',
  '\n',
  '\n\n',
  '(',
  ')',
  '（',
  '）',
  '【',
  '】',
  '[',
  ']',
  '](http://a.b)',
  '<',
  '>',
  '<sad>',
  '. ',
  '.',
  ', ',
  '，',
  '。',
  '？',
  '…',
  '...',
  '"',
  '”',
  '“',
  '—',
  '- ',
  '# ',
  '1. ',
  '|',
  '~~',
  '~',
  '\\',
  'Mr',
  '3.14',
  '10:30',
  'U.S',
  'she laughs',
  '轻声',
  '笑',
  '你好',
  'hello there',
  ' and ',
  ' ',
  '😂',
  '👩‍👩‍👧',
  '❤️',
  ':',
  ')',
  '\ud83d',
  '![',
);
const replies = fc.oneof(
  fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

describe('whatever is written', () => {
  test('the clauses joined are the reply, and the chopping into deltas changes nothing', () => {
    fc.assert(
      fc.property(replies, fc.array(fc.nat(30), { maxLength: 50 }), fc.boolean(), (reply, sizes, reads) => {
        const options: ClauseSplitterOptions = { narration: reads ? 'read' : 'skip' };
        const splitter = new ClauseSplitter(options);
        const clauses: SpokenClause[] = [];
        let at = 0;
        for (const size of sizes) {
          clauses.push(...splitter.push(reply.slice(at, at + size)));
          at += size;
        }
        clauses.push(...splitter.push(reply.slice(at)), ...splitter.end());
        expect(clauses.map((clause) => clause.text).join('')).toBe(reply);
        expect(clauses.every((clause) => clause.text !== '')).toBe(true);
        expect(clauses).toEqual(split(reply, options));
      }),
      { numRuns: process.env.EVERWITH_FULL === '1' ? 20_000 : 1500 },
    );
  });

  test('plain words are all said, in order', () => {
    const word = fc.constantFrom('hello', 'river', 'you', '你好', '朋友', 'seven');
    const sentence = fc.tuple(
      fc.array(word, { minLength: 1, maxLength: 60 }),
      fc.constantFrom('. ', '? ', '! ', ', ', '\n'),
    );
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 12 }), (sentences) => {
        const reply = sentences.map(([words, end]) => words.join(' ') + end).join('');
        const letters = (text: string): string => text.replace(/[^\p{L}]/gu, '');
        expect(letters(spoken(reply).join(''))).toBe(letters(reply));
      }),
      { numRuns: 300 },
    );
  });

  test('hostile replies take bounded time', async () => {
    const hostile = [
      '*',
      '(',
      '[',
      '![',
      '<',
      '`',
      '```\n',
      '*a ',
      '(a',
      '[a](',
      '"',
      '.',
      '… ',
      '- ',
      '（',
      '\\',
      ':',
      '😂',
      'a, ',
      '```\na\n',
    ];
    const replies = hostile.map((part) => part.repeat(Math.ceil(3000 / part.length)));
    let spoken: string[] = [];
    const spentInMs = await processorTimeInMs(() => {
      spoken = replies.map((reply) =>
        split(reply)
          .map((clause) => clause.text)
          .join(''),
      );
    });
    expect(spoken).toEqual(replies);
    expect(spentInMs).toBeLessThan(10_000);
  });
});
