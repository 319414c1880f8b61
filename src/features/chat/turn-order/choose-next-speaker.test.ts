import { describe, expect, test } from 'vitest';
import type { TurnOrder } from '../../../../contract/rooms.ts';
import { seededNumbers } from '../../../base/seeded-numbers.ts';
import { chooseNextSpeaker } from './choose-next-speaker.ts';
import type { SaidMessage, TurnQuestion } from './turn-question.ts';

const roster = ['mira', 'tomas', 'wren'];
const cast = (talkativeness = 50) =>
  roster.map((participantId) => ({
    participantId,
    names: [participantId[0]!.toUpperCase() + participantId.slice(1)],
    talkativeness,
  }));

/** `who: words`, `me` being the human. */
function path(...lines: string[]): SaidMessage[] {
  return lines.map((line, index) => {
    const [participantId = '', text = ''] = line.split(': ');
    return { id: `m${index}`, participantId, byHuman: participantId === 'me', text };
  });
}

function ask(order: TurnOrder, said: SaidMessage[], more: Partial<TurnQuestion> = {}) {
  const question = { order, said, roster, candidates: cast(), allowSelfReplies: false, mustSpeak: true };
  const choice = chooseNextSpeaker({ ...question, random: () => 0.99, ...more });
  return choice && [choice.participantId, choice.by];
}

test('in a manual room nobody speaks by themselves, and nobody can where nobody may', () => {
  expect(ask('manual', path('me: Mira?'))).toBeNull();
  for (const order of ['natural', 'list', 'pooled'] as const)
    expect(ask(order, path('me: Mira?'), { candidates: [] })).toBeNull();
});

test('who is alone with a human answers, but not themselves', () => {
  const candidates = cast().slice(0, 1);
  for (const order of ['natural', 'list', 'pooled', 'director'] as const) {
    expect(ask(order, path('me: hm'), { candidates })).toEqual(['mira', 'only-one']);
    expect(ask(order, path('me: hm', 'mira: so'), { candidates })).toBeNull();
    expect(ask(order, path('me: hm', 'mira: so'), { candidates, allowSelfReplies: true })).toEqual([
      'mira',
      'only-one',
    ]);
    expect(ask(order, path('me: hm', 'mira: so'), { candidates, allowSelfReplies: true, mustSpeak: false })).toBeNull();
  }
});

describe('natural', () => {
  const nobodyTalks = { random: () => 0.99 };

  test.each<[string, SaidMessage[], Partial<TurnQuestion>, [string, string] | null]>([
    ['who is mentioned', path('me: What of it, Wren?'), {}, ['wren', 'mention']],
    ['the first of several', path('me: Wren and Tomas!'), {}, ['wren', 'mention']],
    ['then the next of them', path('me: Wren and Tomas!', 'wren: Hm.'), {}, ['tomas', 'mention']],
    [
      'whom a character mentions before whom the human did',
      path('me: Wren, Tomas', 'wren: Mira?'),
      {},
      ['mira', 'mention'],
    ],
    ['not oneself', path('me: hm', 'wren: I, Wren, say'), nobodyTalks, ['mira', 'fairness']],
    ['the last speaker once a human wrote', path('wren: hm', 'me: Wren?'), {}, ['wren', 'mention']],
    ['silent longest', path('mira: a', 'tomas: b', 'me: c', 'wren: d'), nobodyTalks, ['mira', 'fairness']],
    ['never spoken before silent long', path('mira: a', 'tomas: b', 'me: c'), nobodyTalks, ['wren', 'fairness']],
    ['nobody has to', path('me: a', 'mira: b'), { mustSpeak: false }, null],
    ['nobody mentioned and answered again', path('me: Mira?', 'mira: b'), { mustSpeak: false }, null],
  ])('%s', (_, said, more, expected) => {
    expect(ask('natural', said, more)).toEqual(expected);
  });

  test('the talkative speak more often, the silent never unless asked', () => {
    const counts = new Map<string, number>();
    const talk = { mira: 90, tomas: 30, wren: 0 } as Record<string, number>;
    const candidates = cast().map((one) => ({ ...one, talkativeness: talk[one.participantId]! }));
    const random = seededNumbers(7);
    let said = path('me: hm');
    for (let turn = 0; turn < 400; turn += 1) {
      const [who] = ask('natural', said, { candidates, random, allowSelfReplies: true })!;
      counts.set(who!, (counts.get(who!) ?? 0) + 1);
      said = [...said.slice(-20), ...path(`${who}: hm`)];
    }
    expect(counts.get('wren')).toBeUndefined();
    expect(counts.get('mira')!).toBeGreaterThan(1.5 * counts.get('tomas')!);
    expect(counts.get('tomas')!).toBeGreaterThan(40);
    expect(ask('natural', path('me: Wren?'), { candidates })).toEqual(['wren', 'mention']);
    const silent = candidates.filter(({ talkativeness }) => talkativeness === 0);
    expect(ask('natural', path('me: hm', 'mira: x'), { candidates: [...silent, candidates[0]!] })).toEqual([
      'wren',
      'fairness',
    ]);
  });

  test('the same dice choose the same', () => {
    const choose = (seed: number) => ask('natural', path('me: hm'), { random: seededNumbers(seed) });
    expect(choose(3)).toEqual(choose(3));
    expect(new Set(Array.from({ length: 40 }, (_, seed) => choose(seed)![0])).size).toBe(3);
  });
});

describe('list', () => {
  test.each<[string, SaidMessage[], Partial<TurnQuestion>, string | null]>([
    ['the first to begin', path('me: a'), {}, 'mira'],
    ['one after the other', path('me: a', 'mira: b'), {}, 'tomas'],
    ['round', path('me: a', 'mira: b', 'tomas: c', 'wren: d'), {}, 'mira'],
    ['once round where nobody has to', path('me: a', 'mira: b', 'tomas: c', 'wren: d'), { mustSpeak: false }, null],
    ['on from the last speaker after a human', path('me: a', 'mira: b', 'me: c'), {}, 'tomas'],
    [
      'past who may not speak',
      path('me: a', 'mira: b'),
      { candidates: cast().filter((one) => one.participantId !== 'tomas') },
      'wren',
    ],
    [
      'on from one who has left',
      path('me: a', 'tomas: b'),
      { candidates: cast().filter((one) => one.participantId !== 'tomas') },
      'wren',
    ],
    ['from the beginning after a stranger', path('me: a', 'gone: b'), {}, 'mira'],
  ])('%s', (_, said, more, expected) => {
    expect(ask('list', said, more)?.[0] ?? null).toBe(expected);
  });

  test('another order of the list is another round', () => {
    const turned = ['wren', 'mira', 'tomas'];
    expect(ask('list', path('me: a', 'wren: b'), { roster: turned })).toEqual(['mira', 'list']);
    expect(ask('list', path('me: a', 'tomas: b'), { roster: turned })).toEqual(['wren', 'list']);
  });
});

describe('pooled', () => {
  test('everybody once in any order, then nobody; whoever has to go on is anybody but the last', () => {
    const firsts = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const random = seededNumbers(seed);
      let said = path('mira: before', 'me: a');
      const spoke: string[] = [];
      for (let choice = ask('pooled', said, { random, mustSpeak: false }); choice;) {
        spoke.push(choice[0]!);
        said = [...said, ...path(`${choice[0]}: hm`)];
        choice = ask('pooled', said, { random, mustSpeak: false });
      }
      expect(spoke.toSorted()).toEqual(roster);
      firsts.add(spoke[0]!);
      const more = ask('pooled', said, { random })!;
      expect(more[1]).toBe('pooled');
      expect(more[0]).not.toBe(spoke.at(-1));
    }
    expect(firsts.size).toBe(3);
  });
});
