import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import type { Locale } from '../contract/common.ts';
import { encodeWav } from '../src/base/audio/wav.ts';
import { HouseProcess } from '../tests/e2e/support/house-process.ts';
import { soundOf, tapSound } from '../tests/e2e/support/page-sound.ts';
import { Visitor } from '../tests/e2e/support/visitor.ts';
import { launchBrowser } from '../tests/support/browser.ts';
import { CallLog, type LoggedTurn } from './call-timeline/call-log.ts';
import { installVirtualMicrophone, speak } from './call-timeline/virtual-microphone.ts';
import { readLine } from './call-timeline/read-lines.ts';
import { describeTimeline } from './call-timeline/describe-timeline.ts';
import { transcribe } from './call-timeline/transcribe.ts';
import { projectRoot } from './project-root.ts';

const usage = `node scripts/call-timeline.ts [--locale en|zh-CN] [--turns 10] [--out FOLDER]

Holds a call in a real browser with the local models of this machine: a virtual microphone says the lines, two of
them into the character's replies. Writes FOLDER/timeline.json, timeline.md and call.wav (what the loudspeaker
played), and transcribes the recording back. Fetches what is missing first.`;

/** The fifth and the eighth line are said into the reply before. */
const INTERRUPTING: ReadonlySet<number> = new Set([4, 7]);
/** How long a reply has sounded when it is interrupted. */
const INTERRUPT_AFTER_IN_MS = 1_800;
const RATE = 24_000;
/** A small model on a busy machine. */
const PATIENCE_IN_MS = 120_000;

const LINES: Readonly<Record<Locale, readonly string[]>> = {
  en: [
    'Hello. Is anybody there?',
    'I walked along the beach this morning.',
    'What do you do when it is dark?',
    'Tell me a long story about the sea.',
    'Wait, stop. I have a question about the boat.',
    'Do you like the rain?',
    'Tell me about your favourite food, please.',
    'Hold on, let me say something first.',
    'I am a little tired today.',
    'Thank you for the talk. Good night.',
  ],
  'zh-CN': [
    '你好，有人在吗？',
    '我今天早上去海边散步了。',
    '天黑的时候你做什么？',
    '给我讲一个关于大海的长故事吧。',
    '等一下，我有一个问题想问你。',
    '你喜欢下雨吗？',
    '说说你最喜欢吃什么。',
    '先停一下，让我说句话。',
    '我今天有点累了。',
    '谢谢你陪我聊天，晚安。',
  ],
};
const GREETINGS: Readonly<Record<Locale, string>> = { en: 'Good evening, my friend.', 'zh-CN': '晚上好，我的朋友。' };

export interface Timeline {
  locale: Locale;
  turns: LoggedTurn[];
  /** What a recogniser understood of the whole recording. */
  transcript: string;
  recordingInSeconds: number;
}

async function holdCall({ locale, count, out }: { locale: Locale; count: number; out: string }) {
  await using house = await HouseProcess.start({});
  await prepare(house, locale);
  const lines = [];
  for (const text of LINES[locale].slice(0, count)) lines.push(await readLine(house, { text, locale }));
  const browser = await launchBrowser();
  try {
    await using visitor = await Visitor.enter(browser, house, { serviceWorkers: 'block', permissions: ['microphone'] });
    await Promise.all([tapSound(visitor.context), installVirtualMicrophone(visitor.context)]);
    const log = new CallLog(visitor.page);
    await openCall({ page: visitor.page, house, locale });
    await patiently('the greeting was heard', () => log.turns.length > 0);
    let repliesBefore = log.turns.length;
    for (const [index, line] of lines.entries()) {
      await (INTERRUPTING.has(index)
        ? whileItSpeaks(log, repliesBefore)
        : patiently('it listens', () => log.state === 'listening'));
      repliesBefore = log.turns.length;
      const before = repliesBefore;
      await speak(visitor.page, line);
      const isCutIn = INTERRUPTING.has(index + 1) && index + 1 < lines.length;
      if (!isCutIn)
        await patiently('the reply was heard', () => log.turns.length > before && log.state === 'listening');
    }
    const samples = await soundOf(visitor.page, RATE);
    await mkdir(out, { recursive: true });
    await writeFile(join(out, `call-${locale}.wav`), encodeWav({ samples, sampleRate: RATE }));
    const transcript = await transcribe(house, { samples, sampleRate: RATE, locale });
    const timeline: Timeline = { locale, turns: log.turns, transcript, recordingInSeconds: samples.length / RATE };
    return timeline;
  } finally {
    await browser.close();
  }
}

/** Waits until a reply has sounded for a while, or was too short for it. */
async function whileItSpeaks(log: CallLog, repliesBefore: number): Promise<void> {
  await patiently('a reply sounds', () => {
    const soundingInMs = performance.now() - (log.soundingSince ?? Infinity);
    return (log.state === 'speaking' && soundingInMs > INTERRUPT_AFTER_IN_MS) || log.turns.length > repliesBefore;
  });
}

async function patiently(what: string, look: () => Promise<boolean> | boolean): Promise<void> {
  const limit = performance.now() + PATIENCE_IN_MS;
  while (!(await look())) {
    if (performance.now() > limit) throw new Error(`Waited in vain until ${what}.`);
    await delay(50);
  }
}

async function prepare({ owner }: HouseProcess, locale: Locale): Promise<void> {
  await owner.call('updateMe', { body: { name: locale === 'en' ? 'Robin' : '小林', locale, onboarded: true } });
  await owner.call('prepareVoice', { body: { language: locale } });
  await patiently('voices and ears are here', async () => {
    const { ready, error } = await owner.call('voiceReadiness', { query: { language: locale } });
    if (error !== null) throw new Error(error.message);
    return ready;
  });
  await patiently('a language model is here', async () => (await owner.call('models')).active !== null);
}

async function openCall({ page, house, locale }: { page: Page; house: HouseProcess; locale: Locale }): Promise<void> {
  const { owner } = house;
  const { id } = await owner.call('createCharacter', {
    body: {
      name: locale === 'en' ? 'Mira' : '燕子',
      description: locale === 'en' ? 'Keeps a lighthouse. Warm and brief.' : '开夜茶摊，亲切，话不多。',
      greeting: GREETINGS[locale],
    },
  });
  const talk = await owner.call('createConversation', { body: { characterId: id, locale } });
  await page.goto(`${house.address}/c/${talk.id}`);
  await page.locator('header a[href^="/call/"]').click();
  await page.getByRole('timer').waitFor({ timeout: PATIENCE_IN_MS });
}

const { values } = parseArgs({
  options: {
    locale: { type: 'string', default: 'en' },
    turns: { type: 'string', default: '10' },
    out: { type: 'string', default: join(projectRoot, 'dist', 'call-timeline') },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(`${usage}\n`);
else {
  const locale: Locale = values.locale === 'zh-CN' ? 'zh-CN' : 'en';
  const timeline = await holdCall({ locale, count: Number(values.turns), out: values.out });
  const text = describeTimeline(timeline);
  await writeFile(join(values.out, `timeline-${locale}.json`), `${JSON.stringify(timeline, null, 2)}\n`);
  await writeFile(join(values.out, `timeline-${locale}.md`), text);
  process.stdout.write(text);
}
