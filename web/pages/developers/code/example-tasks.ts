import type { V1Example } from './v1-example.ts';

export const EXAMPLE_TASKS = ['chat', 'stream', 'tools', 'schema', 'speech', 'character'] as const;
export type ExampleTask = (typeof EXAMPLE_TASKS)[number];

export interface ExampleNames {
  /** Of a language model. */
  model: string;
  /** `character/SLUG`. */
  character: string;
}

const SHIPS = {
  type: 'object',
  properties: { name: { type: 'string' }, masts: { type: 'integer' }, home: { type: 'string' } },
  required: ['name', 'masts', 'home'],
  additionalProperties: false,
} as const;

const WEATHER_TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Tells the weather of a place now.',
    parameters: {
      type: 'object',
      properties: { place: { type: 'string' } },
      required: ['place'],
      additionalProperties: false,
    },
  },
} as const;

/** The smallest request that shows what a task is about. */
export function exampleOf(task: ExampleTask, { model, character }: ExampleNames): V1Example {
  const ask = (content: string) => [{ role: 'user', content }];
  const path = '/chat/completions';
  switch (task) {
    case 'chat':
      return { path, body: { model, messages: ask('Say hello in one short sentence.') } };
    case 'stream':
      return { path, body: { model, messages: ask('Tell me of a lighthouse in two sentences.'), stream: true } };
    case 'tools': {
      // Small models call a tool only where they have to, and then without end unless they may not.
      const choice = { tools: [WEATHER_TOOL], tool_choice: 'required' };
      return {
        path,
        body: { model, messages: ask('What is the weather in Lisbon?'), ...choice },
        toolCalls: [{ name: 'get_weather', input: { place: 'Lisbon' }, result: 'Sunny, 24 degrees.' }],
      };
    }
    case 'schema': {
      const messages = ask('The Mary Ann is a three-masted ship from Bristol. Extract the ship.');
      const format = { type: 'json_schema', json_schema: { name: 'ship', strict: true, schema: SHIPS } };
      return { path, body: { model, messages, response_format: format } };
    }
    case 'speech':
      return {
        path: '/audio/speech',
        body: { model: 'gpt-4o-mini-tts', voice: 'coral', input: 'The lamp is lit. Come in.' },
      };
    default:
      return { path: '/responses', body: { model: character, input: 'Hello! Where are you right now?' } };
  }
}
