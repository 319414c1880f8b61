// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { MemoryReceipt, MemoryUse } from '../../../../contract/memory.ts';
import { api } from '../../../state/api.ts';
import { renderPage } from '../../../testing/render-page.tsx';
import { someSource } from '../../memory/memory-fixtures.ts';
import { ReceiptMemory } from './receipt-memory.tsx';

const NO_PARTS = { lexical: 0, neighbours: 0, session: 0, names: 0, time: 0, vector: 0 };
function someUse(change: Partial<MemoryUse> = {}): MemoryUse {
  return {
    kind: 'passage',
    id: 'h-7',
    conversationId: 'c2',
    text: 'I moved to Porto in May.',
    speaker: 'Leo',
    at: Date.UTC(2026, 4, 15),
    score: 2,
    parts: { ...NO_PARTS, lexical: 1.5, time: 0.5 },
    words: ['porto'],
    tokens: 20,
    sources: [
      { conversationId: 'c2', messageId: 'h-7' },
      { conversationId: 'c2', messageId: 'm-8' },
    ],
    ...change,
  };
}

async function show(change: Partial<MemoryReceipt> = {}) {
  const memory: MemoryReceipt = { used: [someUse()], left: 0, mode: 'lexical', reason: null, tookInMs: 3, ...change };
  await renderPage(<ReceiptMemory memory={memory} character={{ id: 'mira', name: 'Mira' }} />);
}
afterEach(() => vi.restoreAllMocks());

test('shows what was recalled, the words that were found, and what each signal added', async () => {
  await show({ left: 2 });
  expect(screen.getByText('Porto').tagName).toBe('MARK');
  expect(screen.getAllByRole('term').map((term) => term.textContent)).toEqual(['Words', 'Time']);
  expect(screen.getAllByRole('definition').map((value) => value.textContent)).toEqual(['1.5', '0.5']);
  screen.getByText(/^2 more were found/);
  screen.getByText('Looked up by words in 3 ms');
});

test('its source opens in its place, the message itself and not the turn beside it', async () => {
  const call = vi
    .spyOn(api, 'call')
    .mockResolvedValue({ sources: [{ ...someSource('h-7'), before: null, after: null }] });
  await show();
  fireEvent.click(screen.getByRole('button', { name: 'Show the source' }));
  await screen.findByText('words of h-7');
  expect(call).toHaveBeenCalledExactlyOnceWith('memorySources', expect.objectContaining({ query: { ids: 'h-7' } }));
});

test('a passage is forgotten from here, after being asked', async () => {
  const call = vi.spyOn(api, 'call').mockResolvedValue({ ok: true });
  await show();
  fireEvent.click(screen.getByRole('button', { name: 'Forget' }));
  const dialog = await screen.findByRole('dialog', { name: 'Forget this message?' });
  expect(call).not.toHaveBeenCalled();
  fireEvent.click(within(dialog).getByRole('button', { name: 'Forget' }));
  await waitFor(() => expect(call).toHaveBeenCalledWith('forgetMessage', { params: { id: 'h-7' } }));
});

test('a fact is corrected from here, a date on its page, and what was forgotten shows no words', async () => {
  await show({
    used: [
      someUse({ kind: 'fact', id: 'f-1', text: 'Leo lives in Porto.', parts: NO_PARTS }),
      someUse({ kind: 'date', id: 'd-1', text: 'The interview', parts: NO_PARTS }),
      someUse({ id: 'h-9', text: '', forgotten: true }),
    ],
  });
  fireEvent.click(screen.getByRole('button', { name: 'Correct' }));
  const box = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'How it really is' });
  expect(box.value).toBe('Leo lives in Porto.');
  expect(screen.getByRole('link', { name: 'On the memory page' }).getAttribute('href')).toBe(
    '/characters/mira/memory?view=dates',
  );
  screen.getByText('This memory was forgotten since.');
  expect(screen.queryByRole('term')).toBeNull();
});

test('says why nothing was looked up', async () => {
  await show({ used: [], mode: 'off', reason: 'private' });
  screen.getByText('The conversation is private: nothing was looked up.');
  expect(screen.queryByText(/Looked up by/)).toBeNull();
});
