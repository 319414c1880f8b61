import { beforeEach, expect, test } from 'vitest';
import { BLANK, bodyOf, splitTags, withDrafted, withGreetings, type EditorValues } from './editor-values.ts';
import { dropEdits, keepEdits, readKeptEdits } from './kept-edits.ts';

const values = (some: Partial<EditorValues>): EditorValues => ({ ...BLANK, name: 'Ada', ...some });

beforeEach(() => localStorage.clear());

test('what nobody touched is not sent, so that the card keeps it as it came', () => {
  const initial = values({ systemPrompt: 'kept', tags: ['a'], depthPrompt: { text: 'x', depth: 4, role: 'system' } });
  expect(Object.keys(bodyOf({ ...initial, tags: ['a', 'b'] }, initial)).toSorted()).toEqual([
    'description',
    'exampleDialogue',
    'greeting',
    'name',
    'personality',
    'picture',
    'scenario',
    'tagline',
    'tags',
  ]);
  expect(bodyOf({ ...initial, depthPrompt: null }, initial)).toMatchObject({ depthPrompt: null });
});

test('what a model wrote lands where it belongs', () => {
  const before = values({ alternateGreetings: ['Two'] });
  expect(withDrafted(before, { field: 'tags', text: 'sea, night', slot: 1 }).tags).toEqual(['sea', 'night']);
  expect(withDrafted(before, { field: 'alternateGreeting', text: 'Three', slot: 1 }).alternateGreetings).toEqual([
    'Two',
    'Three',
  ]);
  expect(withDrafted(before, { field: 'name', text: 'Bea', slot: 1 }).name).toBe('Bea');
  expect(withGreetings(before, ['Two', 'One'])).toMatchObject({ greeting: 'Two', alternateGreetings: ['One'] });
  expect(splitTags(' a，b、a, ,c')).toEqual(['a', 'b', 'c']);
});

test('unsaved words are kept on this device until they are dropped, and foreign ones are ignored', () => {
  keepEdits('c1', { versionId: 'v1', idea: 'x', values: values({ description: 'half' }) });
  expect(readKeptEdits('c1')).toMatchObject({ versionId: 'v1', idea: 'x', values: { description: 'half' } });
  expect(readKeptEdits('c2')).toBeNull();
  dropEdits('c1');
  expect(readKeptEdits('c1')).toBeNull();
  localStorage.setItem('everwith.editor.c3', '{"values": 7}');
  expect(readKeptEdits('c3')).toBeNull();
  expect(localStorage.getItem('everwith.editor.c3')).toBeNull();
});
