// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { createRef } from 'react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import type { SlashCommand } from './commands/slash-command.ts';
import { Composer } from './composer.tsx';
import type { PendingFiles } from './files/use-attachments.ts';
import type { ComposerProps } from './composer.tsx';

beforeEach(() => localStorage.clear());

const noFiles: PendingFiles = {
  files: [],
  ids: [],
  busy: false,
  add: vi.fn<PendingFiles['add']>(),
  remove: vi.fn<PendingFiles['remove']>(),
  retry: vi.fn<PendingFiles['retry']>(),
  describe: vi.fn<PendingFiles['describe']>(),
  clear: vi.fn<PendingFiles['clear']>(),
};

async function setUp(change: Partial<ComposerProps> = {}) {
  const props = {
    conversationId: 'c1',
    name: 'Mira',
    pending: noFiles,
    replying: false,
    sendWithEnter: true,
    commands: [],
    mentions: [],
    inputRef: createRef<HTMLTextAreaElement>(),
    onSend: vi.fn<ComposerProps['onSend']>(),
    onStop: vi.fn<() => void>(),
    ...change,
  };
  await renderPage(<Composer {...props} />);
  const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message to Mira' });
  const type = (value: string) => fireEvent.change(box, { target: { value } });
  return { ...props, box, type };
}

describe('sending', () => {
  test('Enter sends what was typed and empties the box', async () => {
    const { box, type, onSend } = await setUp();
    type('Hello');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(onSend).toHaveBeenCalledExactlyOnceWith('Hello', []);
    expect(box.value).toBe('');
  });

  test('Shift+Enter, and Enter inside an input method, do not send', async () => {
    const { box, type, onSend } = await setUp();
    type('ni hao');
    fireEvent.keyDown(box, { key: 'Enter', shiftKey: true });
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    expect(onSend).not.toHaveBeenCalled();
  });

  test('nothing but spaces is not sent', async () => {
    const { box, type, onSend } = await setUp();
    type('  \n ');
    fireEvent.keyDown(box, { key: 'Enter' });
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(onSend).not.toHaveBeenCalled();
  });

  test('with Enter for new lines, Ctrl+Enter sends', async () => {
    const { box, type, onSend } = await setUp({ sendWithEnter: false });
    type('Hello');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(onSend).not.toHaveBeenCalled();
    fireEvent.keyDown(box, { key: 'Enter', ctrlKey: true });
    expect(onSend).toHaveBeenCalledOnce();
  });

  test('too long a text says by how much and is kept', async () => {
    const { box, type, onSend } = await setUp();
    type('a'.repeat(100_003));
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(onSend).not.toHaveBeenCalled();
    expect(screen.getByRole('alert').textContent).toContain('3');
  });
});

describe('while a reply is written', () => {
  test('the button stops it, unless something was typed', async () => {
    const { type, onStop, onSend } = await setUp({ replying: true });
    fireEvent.click(screen.getByRole('button', { name: 'Stop the reply' }));
    expect(onStop).toHaveBeenCalledOnce();
    type('And another thing');
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(onSend).toHaveBeenCalledWith('And another thing', []);
  });
});

describe('commands', () => {
  const command = (change: Partial<SlashCommand>): SlashCommand => ({
    id: 'branch',
    name: 'branch',
    description: 'Go on from here',
    run: vi.fn<SlashCommand['run']>(),
    ...change,
  });

  test('a slash lists them; arrows choose, Enter runs and empties the box', async () => {
    const branch = command({});
    const hide = command({ id: 'hide', name: 'hide', description: 'Hide it' });
    const { box, type, onSend } = await setUp({ commands: [branch, hide] });
    type('/');
    const list = screen.getByRole('listbox', { name: 'Commands' });
    expect(list.children).toHaveLength(4);
    fireEvent.keyDown(box, { key: 'ArrowDown' });
    expect(box.getAttribute('aria-activedescendant')).toBe(
      screen.getByRole('option', { name: /hide/, selected: true }).id,
    );
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(hide.run).toHaveBeenCalledExactlyOnceWith('');
    expect(box.value).toBe('');
    expect(onSend).not.toHaveBeenCalled();
  });

  test('the list leaves Enter to an input method that composes', async () => {
    const branch = command({});
    const { box, type } = await setUp({ commands: [branch] });
    type('/bran');
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    expect(branch.run).not.toHaveBeenCalled();
  });

  test('what a command needs is asked for, then given to it', async () => {
    const title = command({ id: 'title', name: 'title', argument: { label: 'title', required: true } });
    const { box, type } = await setUp({ commands: [title] });
    type('/title');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(title.run).not.toHaveBeenCalled();
    expect(box.value).toBe('/title ');
    type('/title By the sea');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(title.run).toHaveBeenCalledExactlyOnceWith('By the sea');
  });

  test('what is typed right after one was chosen stands behind it', async () => {
    const title = command({ id: 'title', name: 'title', argument: { label: 'title', required: true } });
    const { box, type } = await setUp({ commands: [title] });
    type('/ti');
    box.blur();
    fireEvent.click(screen.getByRole('option', { name: /title/ }));
    // At once, not a frame later: a fast hand is already typing.
    expect(document.activeElement).toBe(box);
    expect(box.selectionStart).toBe('/title '.length);
  });

  test('one that cannot be done says why and leaves the words', async () => {
    const whisper = command({
      id: 'whisper',
      name: 'whisper',
      argument: { label: 'name words', required: true },
      run: () => 'Nobody of this name is here.',
    });
    const { box, type } = await setUp({ commands: [whisper] });
    type('/whisper Nobody hello');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect((await screen.findByRole('alert')).textContent).toBe('Nobody of this name is here.');
    expect(box.value).toBe('/whisper Nobody hello');
  });

  test('an unknown one is announced as text, and sent as text', async () => {
    const { box, type, onSend } = await setUp();
    type('/dance with me');
    expect(screen.getByText(/no command \/dance/)).toBeTruthy();
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(onSend).toHaveBeenCalledExactlyOnceWith('/dance with me', []);
  });

  test('Escape closes the list, and it stays closed until something is typed', async () => {
    const { box, type } = await setUp({ commands: [command({})] });
    type('/b');
    fireEvent.keyDown(box, { key: 'Escape' });
    expect(screen.queryByRole('listbox')).toBeNull();
    type('/br');
    expect(screen.getByRole('listbox')).toBeTruthy();
  });
});

test('@ offers the names of a room and writes the chosen one out', async () => {
  const { box, type, onSend } = await setUp({ mentions: ['Mira', '小砚'] });
  type('Hello @小');
  fireEvent.keyDown(box, { key: 'Enter' });
  expect(box.value).toBe('Hello @小砚 ');
  expect(onSend).not.toHaveBeenCalled();
});

test('drafts are kept per conversation and gone once sent', async () => {
  const first = await setUp();
  first.type('half a thought');
  expect(localStorage.getItem('everwith.draft.c1')).toBe('half a thought');
  fireEvent.keyDown(first.box, { key: 'Enter' });
  expect(localStorage.getItem('everwith.draft.c1')).toBeNull();
  localStorage.setItem('everwith.draft.c2', 'elsewhere');
  const { box } = { box: (await setUpOther()).box };
  expect(box.value).toBe('elsewhere');
});

async function setUpOther() {
  document.body.replaceChildren();
  return setUp({ conversationId: 'c2' });
}
