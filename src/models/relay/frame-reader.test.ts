import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from './frame-reader.ts';

function chunk(delta: object, more: object = {}): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'upstream-2026',
    choices: [{ index: 0, delta, finish_reason: null }],
    ...more,
  })}\n\n`;
}

const usage = { prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } };
const stream = [
  ': a comment\n\n',
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: '你好 "model":"fake" \\' }),
  chunk({ content: '\n\n' }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }),
  chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  `data: ${JSON.stringify({ model: 'upstream-2026', choices: [], usage })}\n\n`,
  'data: [DONE]\n\n',
].join('');
const bytes = Buffer.from(stream);

function readAll(pieces: readonly Buffer[], includeUsage = false, model = '我的模型') {
  const reader = new FrameReader({ model, includeUsage });
  const text = pieces.map((piece) => reader.take(piece)).join('') + reader.end();
  return { reader, text: Buffer.from(text, 'latin1').toString() };
}

test('frames pass as they are, but for the name and what was not asked for', () => {
  const { reader, text } = readAll([bytes]);
  const expected = stream
    .replaceAll('"model":"upstream-2026"', '"model":"我的模型"')
    .replace(/data: [^\n]*"usage"[^\n]*\n\n/, '')
    .replace('data: [DONE]\n\n', '');
  expect(text).toBe(expected);
  expect(reader.usage).toEqual({ inputTokens: 7, cachedInputTokens: 4, outputTokens: 3 });
  expect(reader).toMatchObject({ frames: 3, isFinished: true, isOver: true });
});

test('wherever the network cuts, the same comes out', () => {
  const whole = readAll([bytes], true);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      const { reader, text } = readAll(pieces, true);
      expect(text).toBe(whole.text);
      expect(reader.writtenBytes).toBe(whole.reader.writtenBytes);
    }),
  );
});

test('lines may end as on other systems, and the last frame may lack its end', () => {
  const other = Buffer.from(stream.replaceAll('\n', '\r\n').trimEnd());
  expect(readAll([other]).text).toBe(readAll([bytes]).text);
  const pieces = [...other].map((byte) => Buffer.from([byte]));
  expect(readAll(pieces).text).toBe(readAll([bytes]).text);
});

test('a fault is kept back in the words of the provider', () => {
  const { reader, text } = readAll([Buffer.from('data: {"error":{"message":"overloaded"}}\n\n')]);
  expect(text).toBe('');
  expect(reader.fault).toEqual({ message: 'overloaded' });
});

test('empty usage that nobody asked for goes', () => {
  const { text } = readAll([Buffer.from(chunk({ content: 'a' }, { usage: null }))]);
  expect(text).not.toContain('usage');
});

test('what passes without a change is counted as what is changed, wherever it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const pieces = [0, ...cuts.toSorted((a, b) => a - b), bytes.length].map((from, index, all) =>
        bytes.subarray(from, all[index + 1] ?? bytes.length),
      );
      const renamed = readAll(pieces);
      const same = readAll(pieces, false, 'upstream-2026');
      expect(same.text).toBe(renamed.text.replaceAll('"model":"我的模型"', '"model":"upstream-2026"'));
      const { frames, writtenBytes, isFinished, usage: said } = renamed.reader;
      expect(same.reader).toMatchObject({ frames, writtenBytes, isFinished, usage: said });
      expect(frames).toBe(3);
    }),
  );
});

test('a name that only begins as the public one is replaced in every frame', () => {
  const text = chunk({ content: 'a' }).replaceAll('upstream-2026', 'bench-long') + chunk({ content: 'b' });
  const { text: onward } = readAll([Buffer.from(text)], false, 'bench');
  expect(onward).toBe(text.replaceAll('bench-long', 'bench').replaceAll('upstream-2026', 'bench'));
});
