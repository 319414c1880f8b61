// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import { ElsewhereNote, type ElsewhereNoteProps } from './elsewhere-note.tsx';

async function show(change: Partial<Pick<ElsewhereNoteProps, 'conversation' | 'state'>> = {}) {
  const session = { acceptPath: vi.fn<() => void>() };
  const goBack = vi.fn<ElsewhereNoteProps['goBack']>();
  const props = { session, goBack, state: { elsewhere: 'm4' }, conversation: { mine: true, room: null }, ...change };
  await renderPage(<ElsewhereNote {...props} />);
  return { session, goBack };
}

test('says that somebody else moved the conversation, and leads back or lets it be', async () => {
  const { session, goBack } = await show();
  expect(screen.getByRole('status').textContent).toContain('The conversation went on elsewhere.');
  fireEvent.click(screen.getByRole('button', { name: 'Go back' }));
  expect(goBack).toHaveBeenCalledExactlyOnceWith('m4');
  fireEvent.click(screen.getByRole('button', { name: 'Stay here' }));
  expect(session.acceptPath).toHaveBeenCalledOnce();
});

test('a guest who may not lead is told and offered no way back', async () => {
  await show({ conversation: { mine: false, room: null } });
  expect(screen.getByRole('status')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Go back' })).toBeNull();
});

test('nothing is said where nobody moved it', async () => {
  await show({ state: { elsewhere: null } });
  expect(screen.queryByRole('status')).toBeNull();
});
