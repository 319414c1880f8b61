import { expect, test } from 'vitest';
import { buildRequest, findProblem } from './build-request.ts';
import { EMPTY_SETTINGS, type Turn } from './playground-types.ts';
import { readRequest } from './read-request.ts';

const turns: Turn[] = [
  { role: 'user', text: 'Weather?', pictures: ['data:image/png;base64,AA'] },
  {
    role: 'assistant',
    text: '',
    toolCalls: [{ id: 'c1', name: 'get_weather', input: '{"place":"Lisbon"}' }],
    measures: null,
    stopped: false,
  },
  { role: 'tool', callId: 'c1', text: 'Sunny' },
  { role: 'user', text: 'And tomorrow?', pictures: [] },
];
const settings = {
  ...EMPTY_SETTINGS,
  system: 'Be brief.',
  temperature: 0.2,
  stop: 'END\n',
  tools: '[{"name": "get_weather", "parameters": {"type": "object"}}]',
  schema: '{"type": "object"}',
};

test('a request has what was set and nothing else', () => {
  const body = buildRequest(settings, turns, 'qwen');
  expect(body).toMatchObject({
    model: 'qwen',
    temperature: 0.2,
    stop: ['END'],
    tools: [{ type: 'function', function: { name: 'get_weather' } }],
    response_format: { type: 'json_schema', json_schema: { strict: true, schema: { type: 'object' } } },
  });
  expect(body['messages']).toHaveLength(5);
  expect(buildRequest(EMPTY_SETTINGS, [], 'qwen')).toEqual({ model: 'qwen', messages: [] });
});

test('a request that was kept is laid out again: its last question stands in the box', () => {
  const start = readRequest(buildRequest(settings, turns, 'qwen'));
  expect(start).toMatchObject({ model: 'qwen', draft: 'And tomorrow?', turns: turns.slice(0, 3) });
  expect(start?.settings).toMatchObject({ system: 'Be brief.', temperature: 0.2, stop: 'END' });
  expect(buildRequest(start!.settings, turns, 'qwen')).toEqual(buildRequest(settings, turns, 'qwen'));
  expect(readRequest({ model: 'tts-1', input: 'Hello' })).toBeNull();
});

test('what is no list of functions or no schema is named', () => {
  expect(findProblem(settings)).toBeNull();
  expect(findProblem({ ...settings, tools: '{"a": 1}' })).toBe('tools');
  expect(findProblem({ ...settings, schema: '[' })).toBe('schema');
});
