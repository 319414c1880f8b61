import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PLAIN_VOICE, type CharacterVoice } from '../../../contract/voice.ts';
import { assignVoices, type CallSpeaker } from './assign-voices.ts';

const speaker = (id: string, chosen: Partial<CharacterVoice> = {}): CallSpeaker => ({
  id,
  characterId: `character-${id}`,
  name: id.toUpperCase(),
  chosen: { ...PLAIN_VOICE, ...chosen },
});
const voice = (ref: string, gender: 'female' | 'male' | null = null) => ({ ref, gender });
const refs = (assigned: ReturnType<typeof assignVoices>) =>
  Object.fromEntries([...assigned].map(([id, one]) => [id, one.voice.voice]));

test('whoever chose a voice has it, the others have others', () => {
  const assigned = assignVoices([speaker('a'), speaker('b', { voice: 'one' })], [voice('one'), voice('two')]);
  expect(refs(assigned)).toEqual({ a: 'two', b: 'one' });
});

test('of two who chose the same the first keeps it, and the other gets one of that kind', () => {
  const voices = [voice('anna', 'female'), voice('bert', 'male'), voice('cleo', 'female')];
  const assigned = assignVoices([speaker('a', { voice: 'anna' }), speaker('b', { voice: 'anna', pitch: 1 })], voices);
  expect(refs(assigned)).toEqual({ a: 'anna', b: 'cleo' });
  expect(assigned.get('b')?.voice.pitch).toBe(1);
});

test('who is alone without a choice has the voice of the house', () => {
  expect(refs(assignVoices([speaker('a')], [voice('house'), voice('other')]))).toEqual({ a: 'house' });
});

test('with one voice only, pitch and speed tell them apart, and each knows who else has it', () => {
  const assigned = assignVoices([speaker('a'), speaker('b'), speaker('c')], [voice('only')]);
  const sounds = [...assigned.values()].map((one) => `${one.voice.voice} ${one.voice.pitch} ${one.voice.speed}`);
  expect(new Set(sounds).size).toBe(3);
  expect([...assigned.values()].map(({ alike }) => alike)).toEqual([[], ['A'], ['A', 'B']]);
});

test('no two are alike, the same room sounds the same again, and all stays within bounds', () => {
  const voices = fc.uniqueArray(fc.constantFrom('v1', 'v2', 'v3', 'v4'), { minLength: 1 });
  const chosen = fc.array(fc.option(fc.constantFrom('v1', 'v2', 'v9')), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(voices, chosen, (there, wishes) => {
      const speakers = wishes.map((wish, index) => speaker(`s${index}`, { voice: wish }));
      const list = there.map((ref) => voice(ref));
      const assigned = assignVoices(speakers, list);
      expect(assigned.size).toBe(speakers.length);
      const sounds = [...assigned.values()].map((one) => JSON.stringify(one.voice));
      expect(new Set(sounds).size).toBe(sounds.length);
      expect(assignVoices(speakers, list)).toEqual(assigned);
      for (const { voice: one } of assigned.values()) expect(Math.abs(one.pitch)).toBeLessThanOrEqual(12);
    }),
  );
});
