import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAssembly, said, system, type Assembly, type Line } from '../../tests/support/assembly.ts';
import { presetSegmentSchema } from '../../contract/prompts.ts';
import { blankMessage } from '../conversation/blank-message.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import { housePrompt } from './house-prompt.ts';
import { builtInPresets } from './presets/built-in-presets.ts';

let assembly: Assembly;

beforeAll(async () => {
  assembly = await openAssembly();
});
afterAll(() => assembly[Symbol.asyncDispose]());

const voice = (interrupted: boolean) => ({
  type: 'voice' as const,
  callId: 'call',
  recorded: false,
  durationInMs: 1000,
  interrupted,
});
const talk: Line[] = [
  ['character', 'Hello'],
  ['human', 'Where is the reef?'],
  ['character', 'North of', { parts: [{ type: 'text', text: 'North of' }, voice(true)], state: 'stopped' }],
  ['human', 'I know that.'],
  ['character', 'Then sail.', { parts: [{ type: 'text', text: 'Then sail.' }, voice(false)] }],
];
const spoken = { instructions: 'Call me captain.' };
const inCall = housePrompt('en').spoken.replaceAll('{{user}}', 'Ann').replaceAll('{{char}}', 'Mira');

test('in a call the model is told how to speak, last before the talk, and nowhere else', async () => {
  const { conversationId, ids } = await assembly.tell(talk);
  const assemble = assembly.createAssembler();
  const read = await assemble(conversationId, ids.at(-1)!);
  const heard = await assemble(conversationId, ids.at(-1)!, { material: { spoken } });
  expect(system(heard)).toBe(`${system(read)}\n\n${inCall}\n\nCall me captain.`);
  expect(said(heard)).toEqual(said(read));
  expect(heard.segments.find(({ kind }) => kind === 'spoken')).toMatchObject({ stable: true });
  expect(read.segments.some(({ kind }) => kind === 'spoken')).toBe(false);
});

test('a preset may place it and put it into its own words', async () => {
  const { conversationId, ids } = await assembly.tell(talk);
  const segment = presetSegmentSchema.parse({ id: 'call', slot: 'spoken', text: 'Speak to {{user}} aloud.' });
  const body = { segments: [segment, ...builtInPresets.stable.body.segments] };
  const heard = await assembly.createAssembler()(conversationId, ids.at(-1)!, { material: { spoken }, body });
  expect(system(heard)).toMatch(/^Speak to Ann aloud\.\n\nCall me captain\./);
  expect(system(heard)).not.toContain('voice call');
});

test('a reply that was cut off says so once, at its end', async () => {
  const { conversationId, ids } = await assembly.tell(talk);
  const made = await assembly.createAssembler()(conversationId, ids.at(-1)!, { material: { spoken } });
  const lines = said(made);
  expect(lines).toContain('assistant: North of [interrupted]');
  expect(lines).toContain('assistant: Then sail.');
  expect(lines.join('\n').split('[interrupted]')).toHaveLength(2);
});

test('a message that is not kept yet stands in the prompt exactly as it will once it is', async () => {
  const { conversationId, ids } = await assembly.tell(talk);
  const parent = { id: ids.at(-1)!, depth: talk.length - 1 };
  const pending: MessageNode = {
    ...blankMessage({ id: 'pending', conversationId, parent, createdAt: 1 }),
    author: { kind: 'human', id: 'human', name: 'human' },
    parts: [{ type: 'text', text: 'And the boat?' }],
  };
  const assemble = assembly.createAssembler();
  const before = await assemble(conversationId, parent.id, { pending: [pending], material: { spoken } });
  const kept = await assembly.tell([...talk, ['human', 'And the boat?']]);
  const after = await assembly.createAssembler()(kept.conversationId, kept.ids.at(-1)!, { material: { spoken } });
  expect(before.digest).toBe(after.digest);
  expect(before.segments).toEqual(after.segments);
  const earlier = await assemble(conversationId, parent.id, { material: { spoken } });
  expect(before.prompt.slice(0, 5)).toEqual(earlier.prompt.slice(0, 5));
});
