import { describe, expect, test } from 'vitest';
import { SimulatedCaller } from './testing/simulated-caller.ts';
import { stageCall } from './testing/stage-call.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

function begin(options: Omit<Parameters<typeof stageCall>[0], 'clock'> = {}) {
  const clock = new VirtualClock();
  return { clock, ...stageCall({ clock, ...options }) };
}

const real = {
  transcriptInMs: 80,
  turnInMs: 45,
  firstTokenInMs: 300,
  tokenInMs: 25,
  firstAudioInMs: 100,
  confirmInMs: 5,
};

describe('a turn and its reply', () => {
  test('what was said is answered, heard and kept whole', async () => {
    const { ports, call, caller, say } = begin({ latencies: real });
    say('tell me of the sea');
    await caller.run(10_000, () => caller.count('reply-end') > 0);
    expect(ports.kept).toMatchObject([
      { said: 'tell me of the sea', reply: 'You said tell me of the sea.', state: 'done' },
    ]);
    expect(caller.events.flatMap(({ event }) => (event.type === 'state-change' ? [event.state] : []))).toEqual([
      'listening',
      'hearing',
      'thinking',
      'speaking',
      'listening',
    ]);
    await call.end('hung-up');
    await caller.run(20);
    expect(caller.events.at(-1)?.event).toEqual({ type: 'call-end', reason: 'hung-up' });
  });

  test('the answer comes a silence, a thought and a breath after the last sound, stages overlapping', async () => {
    const { caller, say } = begin({ latencies: real });
    const silentFrom = say('tell me of the sea');
    await caller.run(10_000, () => caller.count('reply-end') > 0);
    const sounded = caller.firstSoundAfter(silentFrom) ?? Infinity;
    // 96 ms of silence, then transcript, first token, six more words, first audio; the turn detector runs beside.
    expect(sounded - silentFrom).toBeLessThan(96 + 80 + 300 + 6 * 25 + 100 + 60);
  });

  test('one who goes on after a pause has said one thing, and the draft in between leaves nothing', async () => {
    const { ports, caller, say } = begin({ latencies: real });
    ports.completeness = (heard) => (heard.includes('sea') ? 0.9 : 0.2);
    say('tell me of');
    say('the sea', 1500);
    await caller.run(12_000, () => caller.count('reply-end') > 0);
    expect(ports.kept.map(({ said }) => said)).toEqual(['tell me of the sea']);
    expect(caller.count('turn-commit')).toBe(1);
  });

  test('renewed speech before anything was heard takes a decided turn back', async () => {
    const { ports, caller, say } = begin({ latencies: { ...real, firstTokenInMs: 700 } });
    say('tell me of');
    say('the sea', 1250);
    await caller.run(12_000, () => ports.kept[0]?.state === 'done');
    expect(ports.kept.map(({ said }) => said)).toEqual(['tell me of the sea']);
    expect(ports.discarded).toBeGreaterThan(0);
    expect(caller.events.filter(({ event }) => event.type === 'audio' && event.clause === 0).length).toBeGreaterThan(0);
  });

  test('words that call for more are waited for, however complete they sound', async () => {
    const { ports, caller, say } = begin({ latencies: real });
    say('I went there because');
    say('of the sea', 1900);
    await caller.run(12_000, () => caller.count('reply-end') > 0);
    expect(ports.kept.map(({ said }) => said)).toEqual(['I went there because of the sea']);
    expect(caller.count('turn-commit')).toBe(1);
    expect(
      caller.events.filter(({ event }) => event.type === 'state-change' && event.state === 'thinking'),
    ).toHaveLength(1);
  });

  test('a click is no turn', async () => {
    const { ports, caller } = begin();
    caller.speak(Float32Array.from({ length: 1600 }, (_, index) => 0.3 * Math.sin(index * 3)));
    await caller.run(3000);
    expect(ports.drafted).toEqual([]);
    expect(caller.events.some(({ event }) => event.type === 'transcript')).toBe(false);
  });

  test('a slow speaker is waited for', async () => {
    const { ports, caller, say } = begin({ profile: 'slow-speaker' });
    say('well you');
    say('know it was', 2200);
    say('long ago', 4600);
    await caller.run(16_000, () => caller.count('reply-end') > 0);
    expect(ports.kept.map(({ said }) => said)).toEqual(['well you know it was long ago']);
  });

  test('push-to-talk hears while the button is held, pauses and all', async () => {
    const { ports, call, caller, say } = begin({ profile: 'push-to-talk' });
    say('not meant for you');
    await caller.run(3000);
    call.press();
    say('tell me');
    say('of the sea', 3000);
    await caller.run(5000);
    expect(ports.kept).toEqual([]);
    call.release();
    await caller.run(8000, () => caller.count('reply-end') > 0);
    expect(ports.kept.map(({ said }) => said)).toEqual(['tell me of the sea']);
  });

  test('what was sent whole before the button came up belongs to the turn', async () => {
    const { ports, call, caller } = begin({ profile: 'push-to-talk' });
    await caller.run(100);
    call.press();
    call.hear(ports.language.render('tell me of the sea', { sampleRate: 16_000 }));
    call.release();
    await caller.run(8000, () => caller.count('reply-end') > 0);
    expect(ports.kept.map(({ said }) => said)).toEqual(['tell me of the sea']);
  });

  test('a television behind the speaker keeps no turn open', async () => {
    const { ports, caller, say } = begin({ latencies: real });
    const television = Float32Array.from({ length: 16_000 * 8 }, (_, index) => 0.045 * Math.sin(index * 0.9));
    caller.speak(television);
    await caller.run(20);
    say('tell me of the sea');
    await caller.run(4000, () => caller.count('turn-commit') > 0);
    expect(ports.drafted.length).toBeGreaterThan(0);
    expect(caller.count('turn-commit')).toBe(1);
  });

  test('typed words are a turn', async () => {
    const { ports, call, caller } = begin();
    call.type('hello there');
    await caller.run(5000, () => caller.count('reply-end') > 0);
    expect(ports.kept).toMatchObject([{ said: 'hello there', reply: 'You said hello there.', state: 'done' }]);
  });

  test('a microphone that stops sending ends the turn all the same', async () => {
    const { ports, caller, say } = begin();
    say('tell me of the sea');
    await caller.run(1300);
    caller.mute(true);
    await caller.run(8000, () => caller.count('reply-end') > 0);
    expect(ports.kept).toHaveLength(1);
  });
});

const long =
  'one two three four five six seven, eight nine ten eleven twelve thirteen. fourteen fifteen sixteen seventeen. eighteen nineteen twenty.';

describe('interruptions', () => {
  async function speaking(options: Parameters<typeof begin>[0] = {}) {
    const stage = begin({ latencies: real, ...options });
    stage.ports.answer = (said) => (said.startsWith('tell') ? long : `You said ${said}.`);
    stage.say('tell me everything');
    await stage.caller.run(10_000, () => stage.call.state === 'speaking');
    await stage.caller.run(2500);
    return stage;
  }

  test('real words stop the reply, and only what was heard is kept', async () => {
    const { ports, caller, say } = await speaking();
    say('no please wait a moment');
    await caller.run(12_000, () => caller.count('reply-end') > 1);
    const [first, second] = ports.kept;
    expect(first).toMatchObject({ state: 'interrupted' });
    expect(long.startsWith(first?.reply ?? '?')).toBe(true);
    expect(first?.reply).toBe('one two three four five six seven, ');
    expect(second).toMatchObject({ said: 'no please wait a moment', state: 'done' });
  });

  test('the sound is turned down at once and stops as soon as it is certain, quickest when no echo is to be feared', async () => {
    const { caller, say, clock } = await speaking();
    await caller.run(1300);
    const from = clock.now();
    say('no please wait a moment');
    await caller.run(12_000, () => caller.count('flush') > 0);
    expect((caller.find('duck', from)?.at ?? Infinity) - from).toBeLessThanOrEqual(120);
    expect((caller.find('flush', from)?.at ?? Infinity) - from).toBeLessThanOrEqual(450);
  });

  test('a back-channel does not stop it', async () => {
    const { ports, caller, say, clock } = await speaking();
    const from = clock.now();
    say('yeah');
    await caller.run(20_000, () => caller.count('reply-end') > 0);
    expect(ports.kept).toMatchObject([{ state: 'done', reply: long }]);
    const unduck = caller.find('unduck', from);
    expect((unduck?.at ?? Infinity) - from).toBeLessThanOrEqual(700);
  });

  test('a short word that is no back-channel does', async () => {
    const { ports, caller, say } = await speaking();
    say('stop');
    await caller.run(12_000, () => caller.count('reply-end') > 0);
    expect(ports.kept[0]).toMatchObject({ state: 'interrupted' });
  });

  test('our own voice from the loudspeaker does not', async () => {
    const { ports, caller } = await speaking({ caller: { echo: { gain: 0.4, delayInMs: 120 } } });
    await caller.run(20_000, () => caller.count('reply-end') > 0);
    await caller.run(3000);
    expect(ports.kept).toMatchObject([{ state: 'done', reply: long }]);
    expect(ports.drafted).toHaveLength(1);
  });

  test('a tap stops it at once', async () => {
    const { ports, call, caller } = await speaking();
    call.interrupt();
    await caller.run(1000, () => caller.count('reply-end') > 0);
    expect(ports.kept[0]).toMatchObject({ state: 'interrupted', reply: 'one two three four five six seven, ' });
  });

  test('the next draft begins when what was heard is kept', async () => {
    const { ports, caller, say } = await speaking({ latencies: { ...real, confirmInMs: 400 } });
    const order: string[] = [];
    const { draft } = ports.replier;
    ports.replier.draft = (request) => {
      order.push(`draft after ${ports.kept.at(-1)?.state}`);
      return draft(request);
    };
    say('no please wait a moment');
    await caller.run(12_000, () => caller.count('reply-end') > 1);
    expect(order[0]).toBe('draft after interrupted');
  });

  test('who does not tell what sounded is believed to play at once', async () => {
    const { ports, caller, say } = await speaking({ playback: 'estimated', caller: { silentAboutPlayback: true } });
    say('no please wait a moment');
    await caller.run(12_000, () => caller.count('reply-end') > 1);
    expect(ports.kept[0]).toMatchObject({ state: 'interrupted', reply: 'one two three four five six seven, ' });
  });
});

describe('faults', () => {
  test('a network cut pauses the reply, and attaching goes on where it was heard to', async () => {
    const { ports, call, caller, say } = begin({ latencies: real });
    ports.answer = () => long;
    say('tell me everything');
    await caller.run(10_000, () => call.state === 'speaking');
    await caller.run(3000);
    caller.disconnect();
    expect(call.state).toBe('away');
    await caller.run(8000);
    caller.connect();
    await caller.run(20_000, () => caller.count('reply-end') > 0);
    expect(ports.kept).toMatchObject([{ state: 'done', reply: long }]);
    const positions = caller.sounded.map(({ positionInMs }) => positionInMs);
    expect(positions.every((position, index) => index === 0 || position >= (positions[index - 1] ?? 0) - 120)).toBe(
      true,
    );
  });

  test('a second device takes the call over', async () => {
    const { clock, call, caller } = begin();
    const second = new SimulatedCaller(call, clock);
    await second.run(200);
    expect(caller.events.at(-1)?.event.type).toBe('taken-over');
    expect(second.find('state-change')?.event.state).toBe('listening');
  });

  test('a model that dies in mid-sentence leaves what was heard, and the call goes on', async () => {
    const { ports, caller, say } = begin({ latencies: real });
    ports.answer = (said) => (said.startsWith('tell') ? long : 'Fine again.');
    ports.faults.words = (call, word) => (call === 1 && word === 10 ? new Error('gone') : null);
    say('tell me everything');
    await caller.run(12_000, () => caller.count('reply-end') > 0);
    expect(ports.kept[0]).toMatchObject({ state: 'failed' });
    expect(caller.find('failure')?.event).toMatchObject({ stage: 'thinking', message: 'gone' });
    say('are you there');
    await caller.run(12_000, () => caller.count('reply-end') > 1);
    expect(ports.kept[1]).toMatchObject({ state: 'done', reply: 'Fine again.' });
  });

  test('a voice that fails once is asked again', async () => {
    const { ports, caller, say } = begin({ latencies: real });
    ports.faults.speak = (call) => (call === 1 ? new Error('gone') : null);
    say('tell me of the sea');
    await caller.run(12_000, () => caller.count('reply-end') > 0);
    expect(ports.kept).toMatchObject([{ state: 'done' }]);
  });

  test('ears that fail once are asked again; twice is said', async () => {
    const { ports, caller, say } = begin({ latencies: real });
    ports.faults.transcribe = (call) => (call === 1 || call > 2 ? new Error('deaf') : null);
    say('tell me of the sea');
    await caller.run(12_000, () => caller.count('reply-end') > 0);
    expect(ports.kept).toHaveLength(1);
    say('and of the sky');
    await caller.run(6000, () => caller.count('failure') > 0);
    expect(caller.find('failure')?.event).toMatchObject({ stage: 'hearing', message: 'deaf' });
  });

  test('a turn that cannot be kept is said so, and the next one is heard', async () => {
    const { ports, caller, say } = begin({ latencies: real });
    ports.faults.confirm = (call) => (call === 1 ? new Error('the conversation was deleted') : null);
    say('tell me of the sea');
    await caller.run(6000, () => caller.count('failure') > 0);
    expect(ports.kept).toEqual([]);
    say('once more please');
    await caller.run(12_000, () => ports.kept[0]?.state === 'done');
    expect(ports.kept).toMatchObject([{ said: 'once more please' }]);
  });

  test('who hangs up in mid-sentence has still said it', async () => {
    const { ports, call, caller, say } = begin();
    say('good night my dear friend');
    await caller.run(1000);
    await call.end('hung-up');
    expect(ports.kept).toMatchObject([{ said: 'good night my dear', reply: '', state: 'stopped' }]);
  });

  test('greetings are said, can be interrupted, and are kept by somebody else', async () => {
    const { ports, call, caller } = begin();
    call.say({ text: 'Hello my friend. How are you today?', messageId: 'greeting', speaker: null });
    await caller.run(8000, () => caller.count('reply-end') > 0);
    expect(caller.find('reply-start')?.event.messageId).toBe('greeting');
    expect(caller.find('reply-end')?.event).toMatchObject({
      state: 'done',
      heard: 'Hello my friend. How are you today?',
    });
    expect(ports.kept).toEqual([]);
  });
});
