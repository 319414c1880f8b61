// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Conversation } from '../../../contract/conversations.ts';
import { api } from '../../state/api.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { CallLinkDialog } from './call-link-dialog.tsx';

const conversation = { id: 'talk-1', character: { name: 'Mira' } } as Conversation;

afterEach(() => vi.restoreAllMocks());

async function makeLink(url: string) {
  const call = vi.spyOn(api, 'call').mockResolvedValue({ id: 'l1', url, expiresAt: 1_764_000_000_000 });
  await renderPage(<CallLinkDialog conversation={conversation} onClose={() => {}} />);
  const dialog = await screen.findByRole('dialog', { name: 'A call with one button' });
  expect(dialog.textContent).toContain('calls Mira');
  fireEvent.click(screen.getByRole('button', { name: 'Make the link' }));
  await screen.findByTitle('QR code of the sign-in link');
  return { call, dialog };
}

test('makes a link for this conversation, to be scanned or copied, and says what it does and how long it lives', async () => {
  const url = 'https://192.168.1.5:4343/enter?call=talk-1#token-of-the-link';
  const { call, dialog } = await makeLink(url);
  expect(call).toHaveBeenCalledExactlyOnceWith('createCallLink', { params: { id: 'talk-1' } });
  expect(screen.getByText(url)).toBeTruthy();
  expect(dialog.textContent).toContain('It works once, until');
  expect(dialog.textContent).toContain('signed in as you');
  expect(screen.queryByRole('note')).toBeNull();
});

test('says that calls elsewhere need HTTPS where the link has none', async () => {
  await makeLink('http://192.168.1.5:4321/enter?call=talk-1#token-of-the-link');
  expect(screen.getByRole('note').textContent).toContain('“Other devices”');
});
