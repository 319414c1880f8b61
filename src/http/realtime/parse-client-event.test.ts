import fc from 'fast-check';
import { expect, test } from 'vitest';
import { realtimeClientEventSchema } from '../../../contract/realtime-client-events.ts';
import { parseClientEvent } from './parse-client-event.ts';

const types = realtimeClientEventSchema.options.map((option) => option.shape.type.value);
const runs = process.env['EVERWITH_FULL'] === '1' ? 20_000 : 1000;

/** An event with a real type and anything else in its fields, names that the protocol knows among them. */
const almostEvent = fc
  .tuple(
    fc.constantFrom(...types),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom('session', 'audio', 'item', 'item_id', 'event_id', 'response', 'muted', 'position_ms'),
        fc.string({ maxLength: 12 }),
      ),
      fc.jsonValue({ maxDepth: 4 }),
      { maxKeys: 6 },
    ),
  )
  .map(([type, fields]) => ({ ...fields, type }));

test('no text makes it throw, and every refusal says what is wrong', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json(),
        almostEvent.map((event) => JSON.stringify(event)),
      ),
      (text) => {
        const { result, eventId } = parseClientEvent(text);
        const words = 'fault' in result ? `${result.fault.code} ${result.fault.message}` : result.event.type;
        expect(words.trim().length).toBeGreaterThan(3);
        expect(eventId === null || eventId.length <= 512).toBe(true);
      },
    ),
    { numRuns: runs },
  );
});

test('depth costs nothing', () => {
  const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
  const { result } = parseClientEvent(`{"type":"response.create","response":{"x":${deep}}}`);
  expect('fault' in result || 'event' in result).toBe(true);
});

test('names of the older form are told where they went', () => {
  const { result } = parseClientEvent('{"type":"session.update","session":{"input_audio_format":"pcm16"}}');
  expect(result).toMatchObject({ fault: { message: expect.stringContaining('session.audio.input.format') } });
});

test('a prototype is no field', () => {
  const { result } = parseClientEvent('{"type":"input_audio_buffer.clear","__proto__":{"x":1}}');
  expect(result).toHaveProperty('fault');
});
