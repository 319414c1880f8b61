import { MEASUREMENT } from '../support/unbilled.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CharacterVoice } from '../../contract/voice.ts';
import { errorRate } from '../../scripts/call-timeline/error-rate.ts';
import { cacheDirectory } from '../../scripts/test-run/ensure-weights.ts';
import { rmsInDbfs } from '../../src/base/audio/loudness.ts';
import { resample } from '../../src/base/audio/resampler.ts';
import type { CallEvent } from '../../src/voice/call-events.ts';
import { openHouse, type ChatHouse } from '../integration/support/open-house.ts';
import { openRoom } from '../integration/support/rooms.ts';
import { TestPhone } from '../integration/support/test-phone.ts';
import { medianPitch } from '../support/median-pitch.ts';
import { canSpeak, joinAudio, silence, speak } from '../support/test-speech.ts';

const WEIGHTS = ['silero-vad-6', 'smart-turn-3.2', 'moonshine-tiny-en', 'piper-en-joe', 'kokoro-82m'];
/** For one reply: two engines speak and one listens, on two cores that others use too. */
const PATIENCE_MS = 120_000;
/** The figures take minutes. */
const FULL = process.env['EVERWITH_FULL'] === '1';
const TURNS = 10;
const RATE = 24_000;

const TOMAS_SAYS = 'I think the boat will hold. What do you say, Mira?';
const MIRA_SAYS = 'The wind is too strong for it tonight.';
const MAN = { voice: 'local:piper-en-joe/joe', speed: 1, pitch: 0 };
const WOMAN = { voice: 'local:kokoro-82m/af_heart', speed: 1, pitch: 0 };

const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',');
const isThere = canSpeak && WEIGHTS.every((id) => ready.includes(id));
const says = (text: string) => [{ type: 'tokens' as const, tokens: text.split(/(?= )/u), delayInMs: 10 }];

let house: ChatHouse;

beforeAll(async () => {
  if (!isThere) return;
  house = await openHouse({
    environment: { EVERWITH_CACHE: cacheDirectory() },
    script: {
      speech: { hasVoice: false, hasEars: false },
      rules: [{ when: { contains: 'What do you say, Mira' }, steps: says(MIRA_SAYS) }, { steps: says(TOMAS_SAYS) }],
    },
  });
});
afterAll(() => house?.[Symbol.asyncDispose]());

async function sounds(slug: string, voice: CharacterVoice): Promise<void> {
  await house.owner.call('PUT', `/api/characters/starter-${slug}/voice`, voice);
}

const openCall = (conversationId: string) =>
  house.app.calls.open(house.app.accounts.terminalActor, {
    target: { kind: 'conversation', conversationId },
    playback: 'reported',
    greet: false,
  });

async function heardAs(samples: Float32Array): Promise<string> {
  const { signal } = new AbortController();
  const ears = await house.app.speech.transcription('en', signal);
  const heard = await ears.billed(MEASUREMENT).transcribe({
    samples: resample(samples, { from: RATE, to: 16_000 }),
    language: 'en',
    signal,
  });
  return heard.text;
}

const endOf = (phone: TestPhone, after: number) =>
  phone.event('reply-end', { after, test: ({ state }) => state === 'done' });
const firstSound = ({ timings }: Extract<CallEvent, { type: 'reply-end' }>) => timings?.firstFrameOutInMs ?? Number.NaN;
const median = (values: number[]) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];

test.skipIf(!isThere)(
  `two characters in a call, each with a voice of its own, by real ears and mouths (needs ${WEIGHTS.join(', ')}, espeak-ng, sox)`,
  { timeout: PATIENCE_MS * 3 },
  async () => {
    await sounds('tomas', MAN);
    await sounds('mira', WOMAN);
    const { id, seats } = await openRoom(house, {
      characters: ['mira', 'tomas'],
      settings: { turnOrder: 'natural', mostReplies: 2 },
      change: { mira: { talkativeness: 0 }, tomas: { talkativeness: 0 } },
    });
    const open = await openCall(id);
    using phone = new TestPhone(open, { patienceInMs: PATIENCE_MS });
    phone.hear(joinAudio(silence(0.3), await speak('Tomas, what do you think?')));
    const first = await endOf(phone, 0);
    const second = await endOf(phone, phone.events.indexOf(first) + 1);
    await open.call.end('hung-up');

    // Whom the person named, and whom that one asked.
    const speakers = phone.events.flatMap((event) => (event.type === 'reply-speaker' ? [event.speaker.id] : []));
    expect(speakers).toEqual([seats['tomas'], seats['mira']]);
    const man = phone.soundOf(first.replyId);
    const woman = phone.soundOf(second.replyId);
    for (const [sound, words] of [
      [man, TOMAS_SAYS],
      [woman, MIRA_SAYS],
    ] as const) {
      const heard = await heardAs(sound);
      expect(errorRate({ expected: words, found: heard, byCharacter: false }), heard).toBeLessThan(0.3);
      expect(sound.length / RATE).toBeGreaterThan(1);
      expect(sound.length / RATE).toBeLessThan(8);
      expect(rmsInDbfs(sound)).toBeGreaterThan(-32);
      expect(rmsInDbfs(sound)).toBeLessThan(-12);
    }
    const [low, high] = [medianPitch(man, RATE) ?? 0, medianPitch(woman, RATE) ?? 0];
    expect(low).toBeGreaterThan(70);
    expect(high / low).toBeGreaterThan(1.3);
  },
);

test.skipIf(!isThere || !FULL)(
  'whoever goes on sounds a breath after the one before, beside a character who answers a person (needs --full)',
  { timeout: PATIENCE_MS * (1 + TURNS) },
  async () => {
    // One engine for both: what is measured is the turn, not the voice.
    await sounds('tomas', MAN);
    await sounds('mira', { ...MAN, pitch: 4 });
    const { id } = await openRoom(house, {
      characters: ['mira', 'tomas'],
      settings: { turnOrder: 'natural', mostReplies: 2 },
      change: { mira: { talkativeness: 0 }, tomas: { talkativeness: 0 } },
    });
    const { id: alone } = await house.owner.begin('starter-tomas');
    const question = joinAudio(silence(0.3), await speak('Tomas, what do you think?'));
    const afterPerson: number[] = [];
    const afterCharacter: number[] = [];
    for (const conversationId of [id, alone]) {
      const open = await openCall(conversationId);
      using phone = new TestPhone(open, { patienceInMs: PATIENCE_MS });
      for (let turn = 0; turn < TURNS; turn += 1) {
        const since = phone.events.length;
        phone.hear(question);
        const first = await endOf(phone, since);
        if (conversationId === alone) afterPerson.push(firstSound(first));
        else afterCharacter.push(firstSound(await endOf(phone, phone.events.indexOf(first) + 1)));
      }
      await open.call.end('hung-up');
    }
    // A person’s turn is answered in drafts while they still pause; who goes on is written once the one before was heard.
    expect(median(afterCharacter), JSON.stringify({ afterPerson, afterCharacter })).toBeLessThan(
      (median(afterPerson) ?? 0) * 4,
    );
  },
);
