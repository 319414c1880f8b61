import type { ChatHistoryItem } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { instructMarksSchema } from '../../../contract/prompts.ts';
import { InstructChatWrapper } from './instruct-chat-wrapper.ts';

const talk: ChatHistoryItem[] = [
  { type: 'system', text: 'Rules.' },
  { type: 'user', text: 'Hi' },
  { type: 'model', response: ['Hello'] },
  { type: 'system', text: 'Note.' },
  { type: 'user', text: 'Well?' },
  { type: 'model', response: [] },
];

function rendered(template: Record<string, unknown>, history = talk): string {
  const wrapper = new InstructChatWrapper(instructMarksSchema.parse(template), { beginsWithToken: false });
  return wrapper.generateContextState({ chatHistory: history }).contextText.toString();
}

const marks = {
  system_sequence: '<s>',
  system_suffix: '</s>',
  input_sequence: '<u>',
  input_suffix: '</u>',
  output_sequence: '<a>',
  output_suffix: '</a>',
};

test('every turn stands between its marks, and the reply is begun', () => {
  expect(rendered(marks)).toBe('<s>Rules.</s><u>Hi</u><a>Hello</a><s>Note.</s><u>Well?</u><a>');
});

test('a reply to go on with is left open', () => {
  expect(rendered(marks, [...talk.slice(0, 5), { type: 'model', response: ['It'] }])).toMatch(/<u>Well\?<\/u><a>It$/);
});

test('wrap puts each mark on a line of its own', () => {
  expect(rendered({ input_sequence: 'Q', output_sequence: 'A', wrap: true }, talk.slice(1, 3))).toBe('Q\nHi\nA\nHello');
});

test('first and last turns may have marks of their own', () => {
  const own = {
    ...marks,
    first_input_sequence: '<u1>',
    last_input_sequence: '<u9>',
    first_output_sequence: '<a1>',
    last_output_sequence: '<a9>',
  };
  expect(rendered(own)).toBe('<s>Rules.</s><u1>Hi</u><a1>Hello</a><s>Note.</s><u9>Well?</u><a9>');
});

test('the story has its own frame, and later notes may go as the person’s words', () => {
  const own = { ...marks, story_string_prefix: '<S>', story_string_suffix: '</S>', system_same_as_user: true };
  expect(rendered(own)).toBe('<S>Rules.</S><u>Hi</u><a>Hello</a><u>Note.</u><u>Well?</u><a>');
});

test('a reply ends at the template’s marks', () => {
  const wrapper = new InstructChatWrapper(instructMarksSchema.parse({ ...marks, stop_sequence: '<end>' }), {
    beginsWithToken: true,
  });
  const { contextText, stopGenerationTriggers } = wrapper.generateContextState({ chatHistory: talk });
  const stops = new Set(stopGenerationTriggers.map((trigger) => trigger.toString()));
  for (const mark of ['<end>', '</a>', '<u>', '<s>']) expect(stops).toContain(mark);
  expect(contextText.values[0]).toMatchObject({ value: 'BOS' });
});
