// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { someMessage } from '../../../client/conversation-fixtures.ts';
import type { Message } from '../../../contract/messages.ts';
import type { ModelsOverview } from '../../../contract/models.ts';
import { readDraftEdit } from '../../state/drafts.ts';
import { renderPage } from '../../testing/render-page.tsx';
import type { MessageHandlers } from './message-handlers.ts';
import { MessageRow } from './message-row.tsx';
import type { MessageRowProps } from './message-row.tsx';

const overview: ModelsOverview = {
  models: [],
  defaultModel: 'local:small',
  active: { ref: 'local:small', label: 'Small', fallback: true, place: 'local' },
  engine: { state: 'ready', ref: 'local:small', error: null },
  machine: { ramGiB: 8, cores: 2, cpu: '', freeDiskGiB: 10 },
  start: { phase: 'ready', modelId: null, error: null },
};

function someHandlers(): { [Name in keyof MessageHandlers]: ReturnType<typeof vi.fn<MessageHandlers[Name]>> } {
  return {
    regenerate: vi.fn(),
    continueReply: vi.fn(),
    answer: vi.fn(),
    choose: vi.fn(),
    startEdit: vi.fn(),
    cancelEdit: vi.fn(),
    saveEdit: vi.fn<MessageHandlers['saveEdit']>(async () => true),
    remove: vi.fn(),
    restore: vi.fn(),
    setHidden: vi.fn(),
    copy: vi.fn(),
    forget: vi.fn(),
    showReceipt: vi.fn(),
    branchHere: vi.fn(),
    keepCheckpoint: vi.fn(),
    branchOff: vi.fn(),
    showVersions: vi.fn(),
    impersonate: vi.fn(),
    suggest: vi.fn(),
    toggleSelected: vi.fn(),
  };
}

async function show(message: Message, change: Partial<MessageRowProps> = {}) {
  const handlers = someHandlers();
  const props = {
    message,
    streaming: undefined,
    isLast: true,
    editing: false,
    receiptShown: false,
    nameShown: false,
    selected: null,
    handlers,
    ...change,
  };
  await renderPage(<MessageRow {...props} />, [[['models'], overview]]);
  return handlers;
}
const button = (name: string | RegExp) => screen.getByRole('button', { name });

describe('versions', () => {
  const message = someMessage('m2', { siblings: ['m1', 'm2', 'm3'] });

  test('are counted and walked', async () => {
    const handlers = await show(message);
    expect(screen.getByText('2 / 3')).toBeTruthy();
    fireEvent.click(button('Previous version'));
    fireEvent.click(button('Next version'));
    expect(handlers.choose.mock.calls).toEqual([['m1'], ['m3']]);
  });

  test('at the right end of the last reply, › writes another', async () => {
    const handlers = await show(someMessage('m3', { siblings: ['m1', 'm3'] }));
    fireEvent.click(button('Write another version'));
    expect(handlers.regenerate).toHaveBeenCalledWith('m3');
  });

  test('at the right end of an earlier reply, › writes another', async () => {
    const handlers = await show(someMessage('m3', { siblings: ['m1', 'm3'] }), { isLast: false });
    fireEvent.click(button('Write another version'));
    expect(handlers.regenerate).toHaveBeenCalledWith('m3');
  });

  test('at the right end of a person’s message, › rests', async () => {
    await show(someMessage('h3', { siblings: ['h1', 'h3'] }), { isLast: false });
    expect(button('Next version').hasAttribute('disabled')).toBe(true);
  });

  const swipe = (across: number, down = 0) => {
    const row = screen.getByRole('article');
    const at = (x: number, y: number) => ({
      pointerType: 'touch',
      isPrimary: true,
      pointerId: 1,
      clientX: x,
      clientY: y,
    });
    fireEvent.pointerDown(row, at(200, 200));
    fireEvent.pointerMove(row, at(200 + across, 200 + down));
    fireEvent.pointerUp(row, at(200 + across, 200 + down));
  };

  test('are walked by a finger across the message; up and down is scrolling', async () => {
    const handlers = await show(message);
    swipe(-90);
    swipe(90);
    swipe(-90, 80);
    swipe(-30);
    expect(handlers.choose.mock.calls).toEqual([['m3'], ['m1']]);
    expect(handlers.regenerate).not.toHaveBeenCalled();
  });
});

test('while messages are selected, a click takes one in or out and its controls are away', async () => {
  const handlers = await show(someMessage('m2'), { selected: false });
  fireEvent.click(screen.getByRole('checkbox', { name: 'Select this message' }));
  fireEvent.click(screen.getByRole('article'));
  expect(handlers.toggleSelected.mock.calls).toEqual([['m2'], ['m2']]);
  expect(screen.queryByRole('group', { name: 'What you can do with this message' })).toBeNull();
});

describe('a reply that did not come to its end', () => {
  test.each([
    ['stopped', 'Stopped. You can continue from here.'],
    ['interrupted', 'Everwith was interrupted while writing this. What was written is kept.'],
  ] as const)('%s says so and offers to go on', async (state, words) => {
    const handlers = await show(someMessage('m2', { state }));
    expect(screen.getByText(words)).toBeTruthy();
    fireEvent.click(button('Continue'));
    expect(handlers.continueReply).toHaveBeenCalledWith('m2');
  });

  test('failed tells why and offers another try; nothing to continue when nothing was written', async () => {
    const failure = { code: 'unavailable', message: 'The engine stopped.', retryable: true };
    const handlers = await show(someMessage('m2', { state: 'failed', failure, text: '' }));
    expect(screen.getByText('The reply could not be written: The engine stopped.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
    fireEvent.click(button('Try again'));
    expect(handlers.regenerate).toHaveBeenCalledWith('m2');
  });
});

describe('a reply being written', () => {
  const message = someMessage('m2', { state: 'streaming', text: '' });
  const streaming = { messageId: 'm2', text: '', reasoning: '', tools: [], progress: null };

  test('first tells how much of the prompt was read', async () => {
    await show(message, { streaming: { ...streaming, progress: { evaluated: 40, reused: 600, total: 1482 } } });
    expect(screen.getByText('Reading… 640 of 1,482')).toBeTruthy();
  });

  test('then shows its words, and no controls', async () => {
    await show(message, { streaming: { ...streaming, text: 'The reef takes one.' } });
    expect(screen.getByText('The reef takes one.')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.getByRole('article').getAttribute('aria-busy')).toBe('true');
  });
});

describe('editing', () => {
  const own = someMessage('h1', { text: 'Helo' });

  test('Ctrl+Enter saves and asks for a reply, Escape leaves', async () => {
    const handlers = await show(own, { editing: true });
    const box = screen.getByRole('textbox', { name: 'Edit the message' });
    expect(document.activeElement).toBe(box);
    fireEvent.keyDown(box, { key: 'Escape' });
    expect(handlers.cancelEdit).toHaveBeenCalledOnce();
    fireEvent.change(box, { target: { value: 'Hello' } });
    fireEvent.keyDown(box, { key: 'Enter', ctrlKey: true });
    await waitFor(() =>
      expect(handlers.saveEdit).toHaveBeenCalledWith({ messageId: 'h1', text: 'Hello', reply: true }),
    );
  });

  test('what was begun leaves with the row while it is saved, and is there again where that fails', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const handlers = await show(own, { editing: true });
    handlers.saveEdit.mockReturnValueOnce(promise);
    const box = screen.getByRole('textbox', { name: 'Edit the message' });
    fireEvent.change(box, { target: { value: 'Hello' } });
    const begun = { messageId: 'h1', text: 'Hello' };
    expect(readDraftEdit(own.conversationId)).toEqual(begun);
    fireEvent.click(button('Save'));
    expect(readDraftEdit(own.conversationId)).toEqual(begun);
    cleanup();
    expect(readDraftEdit(own.conversationId)).toBeNull();
    await act(async () => resolve(false));
    expect(readDraftEdit(own.conversationId)).toEqual(begun);
  });

  test('a reply is only saved', async () => {
    await show(someMessage('m2'), { editing: true });
    expect(screen.queryByRole('button', { name: 'Save and reply' })).toBeNull();
    expect(button('Save')).toBeTruthy();
  });
});

test('the menu copies and deletes', async () => {
  const message = someMessage('m2');
  const handlers = await show(message);
  fireEvent.click(button('More'));
  const menu = await screen.findByRole('menu');
  fireEvent.click(within(menu).getByRole('menuitem', { name: 'Copy' }));
  expect(handlers.copy).toHaveBeenCalledWith(message);
});

test('hiding keeps a message in sight and says so; showing takes it back', async () => {
  const handlers = await show(someMessage('h1'));
  expect(screen.queryByText('Hidden from the model')).toBeNull();
  fireEvent.click(button('More'));
  fireEvent.click(within(await screen.findByRole('menu')).getByRole('menuitem', { name: 'Hide from the model' }));
  expect(handlers.setHidden).toHaveBeenCalledWith('h1', true);
});

test('a hidden message can be shown to the model again', async () => {
  const handlers = await show(someMessage('h1', { hidden: true }));
  expect(screen.getByText('Hidden from the model')).toBeTruthy();
  fireEvent.click(button('More'));
  fireEvent.click(within(await screen.findByRole('menu')).getByRole('menuitem', { name: 'Show to the model' }));
  expect(handlers.setHidden).toHaveBeenCalledWith('h1', false);
});

test('a name is said where the person was somebody else', async () => {
  await show(someMessage('h1'), { nameShown: true });
  expect(screen.getByText('Leo')).toBeTruthy();
});

test('thoughts are folded', async () => {
  const parts = [
    { type: 'reasoning', text: 'She is testing me.' },
    { type: 'text', text: 'Hello.' },
  ] as const;
  await show(someMessage('m2', { parts: [...parts] }));
  const folded = screen.getByText('Thoughts').closest('details');
  expect(folded?.open).toBe(false);
  expect(within(folded!).getByText('She is testing me.')).toBeTruthy();
});

test('a deleted message keeps its place and can be restored', async () => {
  const handlers = await show(someMessage('m2', { deleted: true, text: '' }));
  expect(screen.getByText('This message was deleted.')).toBeTruthy();
  fireEvent.click(button('Restore'));
  expect(handlers.restore).toHaveBeenCalledWith('m2');
});

test('only a reply with a receipt asks why', async () => {
  const handlers = await show(someMessage('m2', { hasReceipt: true }));
  fireEvent.click(button('Why this reply?'));
  expect(handlers.showReceipt).toHaveBeenCalledWith('m2');
});
