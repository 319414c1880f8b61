import { describe, expect, test } from 'vitest';
import { readCompletion, readCompletionStream } from './read-chat-answer.ts';
import { TaskError } from './task-error.ts';

const stream = (...frames: (string | object)[]) =>
  new Blob(
    frames.map((frame) => `data: ${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n\n`),
  ).stream() as ReadableStream<Uint8Array>;
const delta = (delta: object, finish_reason: string | null = null) => ({
  model: 'm-1',
  choices: [{ index: 0, delta, finish_reason }],
});

describe('whole', () => {
  test('words, calls, and by whom', () => {
    const { answer, servedBy } = readCompletion(
      JSON.stringify({
        model: 'm-1',
        system_fingerprint: 'fp',
        choices: [
          {
            finish_reason: 'tool_calls',
            message: {
              role: 'assistant',
              content: null,
              tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }],
            },
          },
        ],
      }),
    );
    expect(answer).toMatchObject({ text: '', toolCalls: [{ name: 'f', arguments: '{}' }], finishReason: 'tool_calls' });
    expect(servedBy).toEqual({ model: 'm-1', fingerprint: 'fp' });
  });

  test('a refusal is what was said', () => {
    const body = { choices: [{ finish_reason: 'stop', message: { content: null, refusal: 'No.' } }] };
    expect(readCompletion(JSON.stringify(body)).answer.text).toBe('No.');
  });

  test.each(['', '<html>', '{"choices":[]}', '{"choices":[{"message":{}}]}'])('malformed: %s', (body) => {
    expect(() => readCompletion(body)).toThrow(TaskError);
  });
});

describe('streamed', () => {
  test('pieces of words and of calls are put together', async () => {
    const { answer } = await readCompletionStream(
      stream(
        delta({ role: 'assistant', content: 'He' }),
        delta({ content: 'llo' }),
        delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }] }),
        delta({ tool_calls: [{ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
        delta({}, 'tool_calls'),
        { choices: [], usage: {} },
        '[DONE]',
      ),
    );
    expect(answer).toMatchObject({
      text: 'Hello',
      toolCalls: [
        { name: 'f', arguments: '{"x":1}' },
        { name: 'g', arguments: '{}' },
      ],
      finishReason: 'tool_calls',
    });
  });

  test.each<[string, (string | object)[], RegExp]>([
    ['no end', [delta({ content: 'x' }, 'stop')], /without \[DONE\]/],
    ['no reason', [delta({ content: 'x' }), '[DONE]'], /without a finish_reason/],
    ['no JSON', ['{"choices"', '[DONE]'], /no JSON/],
    ['no chunk', [{ hello: 1 }, '[DONE]'], /a chunk of the stream/],
    ['more after the end', [delta({}, 'stop'), '[DONE]', delta({ content: 'x' })], /went on after/],
  ])('malformed: %s', async (_, frames, reason) => {
    const reading = readCompletionStream(stream(...frames));
    await expect(reading).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(reason) as string,
    });
  });

  test('an error in the stream is the server’s', async () => {
    const reading = readCompletionStream(stream(delta({ content: 'x' }), { error: { message: 'It broke.' } }));
    await expect(reading).rejects.toMatchObject({ kind: 'status', message: 'error in the stream: It broke.' });
  });
});
