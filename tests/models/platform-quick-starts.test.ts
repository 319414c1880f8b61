import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cacheDirectory } from '../../scripts/test-run/ensure-weights.ts';
import { soundKindOf } from '../../src/models/speech/codecs/decode-sound.ts';
import { EXAMPLE_TASKS } from '../../web/pages/developers/code/example-tasks.ts';
import { openHouse, type ChatHouse } from '../integration/support/open-house.ts';
import { runQuickStarts, type QuickStartOutcome } from '../support/run-quick-starts.ts';
import { FALLBACK_MODEL, hasFallbackModel } from './llama-fixtures.ts';
import { hasSpeech } from './speaking-fixtures.ts';

/** One language: that all say the same is what the tests with the scripted model are for. */
const LANGUAGE = 'node';

describe.skipIf(!hasFallbackModel || !hasSpeech('kokoro-82m'))(
  'the quick start with what every house can fetch',
  () => {
    let house: ChatHouse;
    let outcomes: Map<string, QuickStartOutcome>;
    beforeAll(async () => {
      // Nothing is scripted: this house has real weights alone.
      const environment = { EVERWITH_CACHE: cacheDirectory(), EVERWITH_SCRIPTED_MODEL: '' };
      house = await openHouse({ script: {}, environment });
      const { key } = await house.owner.call<{ key: string }>('POST', '/api/keys', {
        name: 'test',
        scopes: ['models'],
      });
      outcomes = await runQuickStarts({
        starts: EXAMPLE_TASKS.map((task) => ({ language: LANGUAGE, task })),
        names: { model: FALLBACK_MODEL, character: 'character/mira' },
        target: { baseUrl: `${house.address}/v1`, key },
        python: null,
      });
    }, 540_000);
    afterAll(() => house?.[Symbol.asyncDispose]());

    const outcomeOf = (task: string) => {
      const outcome = outcomes.get(`${LANGUAGE} ${task}`);
      expect(outcome?.printed).not.toContain('FAILED');
      return outcome ?? { printed: '', sound: null };
    };

    test.each(['chat', 'stream'])('%s: words', (task) => {
      expect(outcomeOf(task).printed).toMatch(/\w/u);
    });

    test('tools: the call, and an answer to what the tool gave', () => {
      const [call, ...answer] = outcomeOf('tools').printed.trim().split('\n');
      const [name, given = ''] = (call ?? '').split(/ (.*)/su);
      expect(name).toBe('get_weather');
      expect(z.strictObject({ place: z.string() }).safeParse(JSON.parse(given)).success).toBe(true);
      expect(answer.join('\n')).toMatch(/\w/u);
    });

    test('schema: the form that was asked for', () => {
      const shipSchema = z.strictObject({ name: z.string(), masts: z.int(), home: z.string() });
      const ship = shipSchema.parse(JSON.parse(outcomeOf('schema').printed));
      // The answer is sampled: that the question was read shows in one place or the other.
      expect(`${ship.name} ${ship.home}`).toMatch(/mary|ann|bristol/iu);
    });

    test('speech: an MP3', () => {
      const { sound } = outcomeOf('speech');
      expect(soundKindOf(sound ?? Buffer.alloc(0))).toBe('mp3');
      expect(sound?.length).toBeGreaterThan(4_000);
    });

    test('character: two answers, the second in the same talk', async () => {
      const { printed } = outcomeOf('character');
      expect(printed.trim().split('\n').length).toBeGreaterThan(1);
      const calls = await house.app.storage.db
        .selectFrom('meteredCall')
        .select(['model', 'inputTokens'])
        .where('model', '=', 'character/mira')
        .orderBy('startedAt')
        .execute();
      expect(calls).toHaveLength(2);
      expect(Number(calls[1]?.inputTokens)).toBeGreaterThan(Number(calls[0]?.inputTokens));
    });
  },
);
