import { VirtualClock } from '../src/voice/testing/virtual-clock.ts';
import { percentile, printFigure } from './report/figure.ts';
import { openEngines, type RealEngines } from './voice/open-engines.ts';
import { cough, quieter } from './voice/sounds.ts';
import { seededNumbers } from '../src/base/seeded-numbers.ts';
import { stageCall } from '../src/voice/testing/stage-call.ts';

/** Milliseconds of loudspeaker simulation. */
const LOUDSPEAKER_MS = 10 * 60_000;
/** Decibels by which somebody in the next room is quieter. */
const SIDE_TALK_DB = -22;

const REPLY =
  'The harbour was quiet that night, and the boats lay close together against the wind. My father had gone out before dawn, as he always did in autumn. ' +
  'We waited by the stove until the lamp burned low, and nobody said what everybody thought. Then the dog stood up and went to the door.';
const INTERRUPTIONS = [
  'No, wait a moment.',
  'Stop.',
  'Hold on, I have a question.',
  'Can I say something?',
  'That is not what I meant.',
  'What was the name of the boat?',
  'Please speak more slowly.',
  'I do not understand.',
  'Sorry, the door bell is ringing.',
  'Tell me about your mother instead.',
  'How old were you then?',
  'Wait, who is the dog?',
  'I think you told me this before.',
  'Could you repeat that, please?',
  'Let us talk about something else.',
  'No, no, that was another year.',
  'When did he come back?',
  'Listen, I must go now.',
  'That reminds me of my brother.',
  'Excuse me, what did you say?',
];
const BACK_CHANNELS = [
  'Yeah.',
  'Right.',
  'Okay.',
  'I see.',
  'Oh, really?',
  'Sure.',
  'Uh huh.',
  'Mm-hmm.',
  'Oh yes.',
  'Of course.',
  'Wow.',
  'Go on.',
];
const SIDE_TALK = [
  'Did you feed the cat already?',
  'The soup is on the table.',
  'Turn the television down.',
  'I am going to the shop.',
];
const VOICES = [
  { pitch: 4, speed: 1 },
  { pitch: -3, speed: 0.95 },
  { pitch: 6, speed: 1.1 },
];

/** One reply, one sound over it; what became of it. */
async function overlay(
  engines: RealEngines,
  sound: Float32Array,
  atInMs: number,
): Promise<{ interrupted: boolean; stopInMs: number }> {
  const clock = new VirtualClock();
  const { ports, caller, call } = stageCall({
    clock,
    listener: await engines.listener(clock),
    speaker: engines.speaker(clock),
    caller: { networkInMs: 10, jitterInMs: 40 },
  });
  ports.answer = () => REPLY;
  caller.speak(await engines.speech('Tell me about that winter.', VOICES[0]));
  await caller.run(12_000, () => call.state === 'speaking');
  await caller.run(atInMs);
  const from = clock.now();
  const before = caller.count('flush');
  caller.speak(sound);
  await caller.run(sound.length / 16 + 1600);
  const flush = caller.events.filter(({ event }) => event.type === 'flush')[before];
  const ended = call.end('hung-up');
  await caller.run(500);
  await ended;
  return { interrupted: flush !== undefined, stopInMs: (flush?.at ?? Infinity) - from };
}

async function measureInterruptions(engines: RealEngines): Promise<void> {
  const random = seededNumbers(7);
  const moment = () => 3300 + Math.round(random() * 5000);
  const stops: number[] = [];
  let caught = 0;
  let real = 0;
  for (const text of INTERRUPTIONS) {
    for (const voice of VOICES) {
      real += 1;
      const { interrupted, stopInMs } = await overlay(engines, await engines.speech(text, voice), moment());
      stops.push(stopInMs);
      if (interrupted) caught += 1;
      else process.stderr.write(`missed: ${text} ${JSON.stringify(voice)}\n`);
    }
  }
  const others: { what: string; sound: Float32Array }[] = [];
  for (const text of BACK_CHANNELS) {
    for (const voice of VOICES) others.push({ what: text, sound: await engines.speech(text, voice) });
  }
  for (const text of SIDE_TALK) {
    for (const voice of VOICES) {
      others.push({ what: `aside: ${text}`, sound: quieter(await engines.speech(text, voice), SIDE_TALK_DB) });
    }
  }
  for (let index = 0; index < 12; index += 1) others.push({ what: 'cough', sound: cough(random) });
  let wrong = 0;
  for (const { what, sound } of others) {
    const { interrupted } = await overlay(engines, sound, moment());
    if (!interrupted) continue;
    wrong += 1;
    process.stderr.write(`gave way to: ${what}\n`);
  }
  for (const share of [0.5, 0.95]) {
    const value = percentile(stops, share);
    printFigure({
      name: `interruptions: onset to hard stop with real ears, p${share * 100}`,
      value,
      unit: 'ms',
      reference: null,
      target: '<= 450 ms',
      pass: value <= 450,
    });
  }
  const precision = caught / Math.max(caught + wrong, 1);
  printFigure({
    name: `interruptions: recall, ${real} real ones`,
    value: (caught / real) * 100,
    unit: '%',
    reference: null,
    target: '>= 98 %',
    pass: caught / real >= 0.98,
  });
  printFigure({
    name: `interruptions: precision against ${others.length} back-channels, coughs and asides`,
    value: precision * 100,
    unit: '%',
    reference: null,
    target: '>= 90 %',
    pass: precision >= 0.9,
  });
  printFigure({
    name: 'interruptions: kept talking through those',
    value: (1 - wrong / others.length) * 100,
    unit: '%',
    reference: null,
    target: '>= 90 %',
    pass: wrong / others.length <= 0.1,
  });
}

/** Ten minutes on a loudspeaker without echo cancellation: the caller asks now and then, everything else is echo. */
async function measureLoudspeaker(engines: RealEngines): Promise<void> {
  const random = seededNumbers(8);
  let spent = 0;
  let selfInterruptions = 0;
  let ghosts = 0;
  while (spent < LOUDSPEAKER_MS) {
    const clock = new VirtualClock();
    const gain = 10 ** (-(6 + random() * 14) / 20);
    const delayInMs = 30 + Math.round(random() * 270);
    const { ports, caller, call } = stageCall({
      clock,
      listener: await engines.listener(clock),
      speaker: engines.speaker(clock),
      caller: { networkInMs: 10, jitterInMs: 40, echo: { gain, delayInMs } },
    });
    ports.answer = () => REPLY;
    for (let turn = 1; turn <= 3; turn += 1) {
      caller.speak(await engines.speech('Tell me about that winter.', VOICES[turn % VOICES.length]));
      await caller.run(40_000, () => caller.count('reply-end') >= turn);
      await caller.run(1500);
    }
    selfInterruptions += ports.kept.filter(({ state }) => state === 'interrupted').length;
    ghosts += Math.max(ports.kept.length - 3, 0);
    spent += clock.now();
    const ended = call.end('hung-up');
    await caller.run(500);
    await ended;
  }
  const minutes = Math.round(spent / 60_000);
  printFigure({
    name: `loudspeaker: self-interruptions in ${minutes} minutes at -6 to -20 dB, 30 to 300 ms`,
    value: selfInterruptions,
    unit: 'interruptions',
    reference: null,
    target: '0',
    pass: selfInterruptions === 0,
  });
  printFigure({
    name: `loudspeaker: turns that nobody spoke in ${minutes} minutes`,
    value: ghosts,
    unit: 'turns',
    reference: null,
    target: '0',
    pass: ghosts === 0,
  });
}

await using engines = await openEngines();
await measureInterruptions(engines);
await measureLoudspeaker(engines);
