import { describe, expect, test } from 'vitest';
import { stageCall } from './testing/stage-call.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const real = {
  transcriptInMs: 80,
  turnInMs: 45,
  firstTokenInMs: 300,
  tokenInMs: 25,
  firstAudioInMs: 100,
  confirmInMs: 5,
};
const ada = { id: 'ada', name: 'Ada' };
const ben = { id: 'ben', name: 'Ben' };

function begin(parts: readonly { speaker: typeof ada; words: string }[], latencies: Partial<typeof real> = {}) {
  const clock = new VirtualClock();
  const staged = stageCall({ clock, latencies: { ...real, ...latencies } });
  staged.ports.company = () => parts;
  return { clock, ...staged };
}

const two = [
  { speaker: ada, words: 'the sea is wide' },
  { speaker: ben, words: 'and it is deep' },
];

describe('two who answer one after the other', () => {
  test('each with its own mouth, named before its words, and kept as its own', async () => {
    const { ports, caller, say } = begin(two);
    say('tell me of the sea');
    await caller.run(20_000, () => caller.count('reply-end') === 2);
    expect(ports.kept).toMatchObject([
      { said: 'tell me of the sea', by: 'ada', reply: 'the sea is wide', state: 'done' },
      { said: null, by: 'ben', reply: 'and it is deep', state: 'done' },
    ]);
    expect(new Set(ports.mouths.map(({ by, text }) => `${by}: ${text}`))).toEqual(
      new Set(['ada: the sea is wide', 'ben: and it is deep']),
    );
    const told = caller.events.flatMap(({ event }) => {
      if (event.type === 'reply-speaker') return [event.speaker.name];
      return event.type === 'clause-start' ? [event.text] : [];
    });
    expect(told).toEqual(['Ada', 'the sea is wide', 'Ben', 'and it is deep']);
    expect(caller.count('turn-commit')).toBe(1);
    expect(caller.count('reply-commit')).toBe(1);
  });

  test('the second begins a thought and a breath after the first was heard', async () => {
    const { caller, say } = begin(two);
    say('tell me of the sea');
    await caller.run(20_000, () => caller.count('reply-end') === 2);
    const ended = caller.events.find(({ event }) => event.type === 'reply-end')?.at ?? Infinity;
    const sounded = caller.firstSoundAfter(ended + 1) ?? Infinity;
    expect(sounded - ended).toBeGreaterThan(300);
    // Words, the first clause's sound, and the way to the device.
    expect(sounded - ended).toBeLessThan(300 + 4 * 25 + 100 + 150);
  });

  test('a word between them is a turn: the second leaves nothing', async () => {
    const { ports, caller, say } = begin(two, { firstTokenInMs: 3000 });
    say('tell me of the sea');
    await caller.run(20_000, () => caller.count('reply-end') === 1);
    ports.company = null;
    say('wait I have a question');
    await caller.run(20_000, () => caller.count('reply-end') === 2);
    expect(ports.kept.map(({ said, by }) => [said, by])).toEqual([
      ['tell me of the sea', 'ada'],
      ['wait I have a question', undefined],
    ]);
    expect(ports.mouths.filter(({ by }) => by === 'ben')).toEqual([]);
  });

  test('a cough between them holds nobody up', async () => {
    const { ports, caller, say } = begin(two, { firstTokenInMs: 1500 });
    say('tell me of the sea');
    await caller.run(20_000, () => caller.count('reply-end') === 1);
    caller.speak(noise(4000), 200);
    await caller.run(20_000, () => caller.count('reply-end') === 2);
    expect(ports.kept.map(({ by, state }) => [by, state])).toEqual([
      ['ada', 'done'],
      ['ben', 'done'],
    ]);
  });

  test('who is stopped in the first is followed by nobody', async () => {
    const { ports, call, caller, say } = begin(two);
    say('tell me of the sea');
    await caller.run(20_000, () => caller.count('audio') > 0);
    call.interrupt();
    await caller.run(5000);
    expect(ports.kept.map(({ by, state }) => [by, state])).toEqual([['ada', 'interrupted']]);
    expect(caller.count('reply-start')).toBe(1);
  });

  test('who is interrupted in the second keeps what was heard of it, and the words go on from there', async () => {
    const { ports, caller, say } = begin([two[0]!, { speaker: ben, words: 'it is deep. and it is cold at night' }]);
    say('tell me of the sea');
    await caller.run(20_000, () => caller.count('reply-commit') === 1);
    ports.company = null;
    say('stop I want to say something else now');
    await caller.run(20_000, () => caller.count('reply-end') === 3);
    expect(ports.kept).toMatchObject([
      { by: 'ada', state: 'done' },
      { by: 'ben', state: 'interrupted', reply: expect.stringMatching(/^it is deep\./) },
      { said: 'stop I want to say something else now', state: 'done' },
    ]);
    expect(ports.kept[1]?.reply).not.toContain('night');
  });

  test('the end of the call leaves nothing of who had not begun', async () => {
    const { ports, call, caller, say } = begin(two, { firstTokenInMs: 2000 });
    say('tell me of the sea');
    await caller.run(20_000, () => caller.count('reply-end') === 1);
    await caller.run(300);
    const ending = call.end('hung-up');
    await caller.run(100);
    await ending;
    await caller.run(5000);
    expect(ports.kept.map(({ by }) => by)).toEqual(['ada']);
    expect(caller.count('reply-start')).toBe(1);
  });

  test('a second one who fails says so, and what the first said stays', async () => {
    const { ports, caller, say } = begin(two);
    ports.faults.speak = (_call, text) => (text.includes('deep') ? new Error('no voice') : null);
    say('tell me of the sea');
    await caller.run(20_000, () => caller.count('reply-end') === 2);
    expect(ports.kept.map(({ by, state }) => [by, state])).toEqual([['ada', 'done']]);
    expect(caller.count('failure')).toBe(1);
  });
});

/** Loud and without words, for less time than a word takes. */
function noise(samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, at) => (((at * 7919) % 101) / 101 - 0.5) * 0.8);
}
