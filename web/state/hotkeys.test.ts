import { describe, expect, test } from 'vitest';
import { hotkeysSchema } from '../../contract/hotkeys.ts';
import { HOUSE_HOTKEYS, HOTKEY_ACTIONS, actionOf, comboOf, hotkeyProblem, keyCaps, type KeyPress } from './hotkeys.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

describe('the name of a press', () => {
  test.each([
    [press('k', { ctrlKey: true }), 'Mod+K'],
    [press('k', { metaKey: true }), 'Mod+K'],
    [press('O', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+O'],
    [press('/', { ctrlKey: true, shiftKey: true }), 'Mod+/'],
    [press('˚', { altKey: true, code: 'KeyK' }), 'Alt+K'],
    [press('ArrowUp'), 'ArrowUp'],
    [press('Shift', { shiftKey: true }), null],
  ])('%j is %s', (event, combo) => expect(comboOf(event)).toBe(combo));

  test('inside an input method there is none', () => {
    expect(comboOf(press('Enter', { isComposing: true, ctrlKey: true }))).toBeNull();
    expect(comboOf(press('ArrowUp', { keyCode: 229 }))).toBeNull();
    expect(comboOf(press('Process'))).toBeNull();
  });
});

test('a key of one’s own takes the place of the house’s', () => {
  const chosen = { regenerate: 'Mod+G', continue: '' };
  const among = ['regenerate', 'continue'] as const;
  expect(actionOf(press('g', { ctrlKey: true }), { chosen, among })).toBe('regenerate');
  expect(actionOf(press('Enter', { ctrlKey: true }), { chosen, among })).toBeNull();
  expect(actionOf(press('Enter', { altKey: true }), { chosen, among })).toBeNull();
});

describe('choosing', () => {
  const of = (combo: string) => hotkeyProblem(combo, { action: 'regenerate', chosen: {} });
  test('what writes, what the browser keeps and what is taken is refused', () => {
    expect(of('G')).toEqual({ kind: 'types' });
    expect(of('Enter')).toEqual({ kind: 'types' });
    expect(of('Mod+W')).toEqual({ kind: 'browser' });
    expect(of('Mod+K')).toEqual({ kind: 'taken', by: 'search' });
    expect(of('Mod+Enter')).toBeNull();
    expect(of('Mod+G')).toBeNull();
    expect(of('F2')).toBeNull();
  });

  test('the house’s own keys keep to the rules', () => {
    for (const action of HOTKEY_ACTIONS) {
      expect(hotkeyProblem(HOUSE_HOTKEYS[action], { action, chosen: {} })).toBeNull();
    }
    expect(hotkeysSchema.parse(HOUSE_HOTKEYS)).toEqual(HOUSE_HOTKEYS);
  });
});

test('caps are drawn as they are printed on the keyboard', () => {
  expect(keyCaps('Mod+Shift+O', false)).toEqual(['Ctrl', 'Shift', 'O']);
  expect(keyCaps('Mod+ArrowUp', true)).toEqual(['⌘', '↑']);
  expect(keyCaps('Mod++', false)).toEqual(['Ctrl', '+']);
  expect(keyCaps('', false)).toEqual([]);
});
