import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messageText } from '../../client/message-text.ts';
import type { Locale } from '../../contract/common.ts';
import { decodeWav } from '../../src/base/audio/wav.ts';
import { resample } from '../../src/base/audio/resampler.ts';
import { errorRate } from '../../scripts/call-timeline/error-rate.ts';
import { readLine } from '../../scripts/call-timeline/read-lines.ts';
import { transcribe } from '../../scripts/call-timeline/transcribe.ts';
import { until } from '../integration/support/until.ts';
import { launchWithMicrophone } from './support/fake-microphone.ts';
import { HouseProcess } from './support/house-process.ts';
import { soundOf, tapSound } from './support/page-sound.ts';
import { Visitor } from './support/visitor.ts';

const WORDS = 'qwen2.5-coder-0.5b';
const EARS = ['silero-vad-6', 'smart-turn-3.2'];
/** A small model reads the card and answers, on two cores that others use too. */
const LIMIT_IN_MS = 400_000;
/** The house takes so many questions a minute. */
const LOOK_EVERY_IN_MS = 500;
const RATE = 24_000;
/** Milliseconds of silence in which the greeting sounds. */
const GREETING_ROOM_IN_MS = 25_000;

interface Spoken {
  locale: Locale;
  models: readonly string[];
  greeting: string;
  line: string;
  /** Of the greeting, as it is transcribed from what the page played. */
  mostErrors: number;
}

const SPOKEN: readonly Spoken[] = [
  {
    locale: 'en',
    models: [...EARS, 'piper-en-joe', 'moonshine-tiny-en'],
    greeting: 'Good evening, my friend. The lamp is lit and the kettle is on.',
    line: 'Hello, I walked along the beach this morning.',
    mostErrors: 0.25,
  },
  {
    locale: 'zh-CN',
    models: [...EARS, 'kokoro-82m', 'whisper-base'],
    greeting: '晚上好，我的朋友。今晚的姜茶刚煮好。',
    line: '你好，我今天早上去海边散步了。',
    mostErrors: 0.35,
  },
];

const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',');
let house: HouseProcess | undefined;

beforeAll(async () => {
  if (ready.includes(WORDS)) house = await HouseProcess.start({ environment: { EVERWITH_OFFLINE: '1' } });
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
});

for (const { locale, models, greeting, line, mostErrors } of SPOKEN) {
  const absent = [WORDS, ...models].filter((id) => !ready.includes(id));
  test.skipIf(absent.length > 0)(
    `a call with real models in ${locale} (needs the weights of ${models.join(', ')})`,
    async () => {
      if (house === undefined) throw new Error('The house did not start.');
      const { owner } = house;
      await owner.call('updateMe', { body: { name: 'Robin', locale, onboarded: true } });
      const said = decodeWav(await readLine(house, { text: line, locale }));
      const samples = resample(said.samples, { from: said.sampleRate, to: 48_000 });
      const { id: characterId } = await owner.call('createCharacter', {
        body: { name: 'Lamp', description: 'Keeps a light. Answers in one short sentence.', greeting },
      });
      const { id } = await owner.call('createConversation', { body: { characterId, locale } });
      await using microphone = await launchWithMicrophone([{ atInMs: GREETING_ROOM_IN_MS, samples }]);
      await using visitor = await Visitor.enter(microphone.browser, house, { serviceWorkers: 'block' });
      await tapSound(visitor.context);
      const { page } = visitor;
      await page.goto(`${house.address}/c/${id}`);
      await page.locator('header a[href^="/call/"]').click();
      const words = async () => {
        const { messages } = await owner.call('messages', { params: { id }, query: { limit: 10 } });
        return messages.map((message) => ({ text: messageText(message), state: message.state }));
      };
      const limit = performance.now() + LIMIT_IN_MS;
      let kept = await words();
      while (kept.length < 3 || kept[2]?.state === 'streaming') {
        expect(performance.now(), JSON.stringify(kept)).toBeLessThan(limit);
        kept = await until('something is kept', words);
        await delay(LOOK_EVERY_IN_MS);
      }
      expect(kept[1]?.text.length).toBeGreaterThan(3);
      expect(errorRate({ expected: line, found: kept[1]?.text ?? '', byCharacter: locale === 'zh-CN' })).toBeLessThan(
        0.5,
      );
      expect(kept[2]?.text).not.toBe('');
      const transcript = await transcribe(house, { samples: await soundOf(page, RATE), sampleRate: RATE, locale });
      const heard = [greeting, kept[2]?.text ?? ''].join(' ');
      const shown = JSON.stringify({ heard, transcript });
      expect(errorRate({ expected: heard, found: transcript, byCharacter: locale === 'zh-CN' }), shown).toBeLessThan(
        mostErrors,
      );
    },
  );
}
