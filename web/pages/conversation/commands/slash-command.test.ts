import { expect, test } from 'vitest';
import { commandWord, findCommand, matchCommands, type SlashCommand } from './slash-command.ts';

const make = (id: string, name: string, description: string): SlashCommand => ({
  id,
  name,
  description,
  run: () => {},
});
const commands = [make('title', '标题', '给对话起个标题'), make('note', '备注', '写下作者备注')];

test('a command is known by its English and its translated name; what follows is its argument', () => {
  expect(findCommand('/title  By the sea ', commands)).toMatchObject({ argument: 'By the sea' });
  expect(findCommand('/标题 海边', commands)).toMatchObject({ command: { id: 'title' }, argument: '海边' });
  expect(findCommand('/TITLE', commands)).toMatchObject({ command: { id: 'title' }, argument: '' });
});

test('only at the very beginning, and only as a whole word', () => {
  expect(findCommand(' /title x', commands)).toBeNull();
  expect(findCommand('/titles x', commands)).toBeNull();
  expect(commandWord('and/or')).toBeNull();
  expect(commandWord('/')).toBeNull();
});

test('the list finds by either name, then by what it does', () => {
  expect(matchCommands('no', commands).map(({ id }) => id)).toEqual(['note']);
  expect(matchCommands('作者', commands).map(({ id }) => id)).toEqual(['note']);
  expect(matchCommands('', commands)).toHaveLength(2);
});
