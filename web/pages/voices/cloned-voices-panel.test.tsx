// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ClonedVoiceList } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { clonedVoicesQuery } from './cloned-voice-queries.ts';
import { ClonedVoicesPanel } from './cloned-voices-panel.tsx';

const made = {
  id: 'c1',
  ref: 'cloned:c1',
  label: 'Grandmother',
  language: 'en',
  providerId: 'p1',
  providerName: 'MiniMax',
  model: 'speech-2.6-turbo',
  consentName: 'Ada Berg',
  consentText: 'My name is Ada Berg.',
  createdAt: 1_764_000_000_000,
} as const;

const list: ClonedVoiceList = { voices: [made], providers: [{ id: 'p1', name: 'MiniMax' }] };
const statement = { text: 'I am Ada Berg.' };

/** The page with what the house has answered; calls made afterwards are looked at. */
async function setUp(shown = list) {
  const call = vi.spyOn(api, 'call').mockImplementation(async (name) => {
    if (name === 'consentStatement') return statement;
    return name === 'clonedVoices' ? { ...shown, voices: [] } : { ok: true };
  });
  await renderPage(<ClonedVoicesPanel />, [[clonedVoicesQuery.queryKey, shown]]);
  return call;
}

afterEach(() => vi.restoreAllMocks());

describe('likenesses of voices', () => {
  test('are listed with whose consent they have, and can be removed after a question', async () => {
    const call = await setUp();
    expect(await screen.findByText('Grandmother')).toBeTruthy();
    expect(screen.getByText(/Consent of Ada Berg · MiniMax/u)).toBeTruthy();
    const consent = screen.getByRole('link', { name: 'Recorded consent for Grandmother' });
    expect(consent.getAttribute('href')).toBe('/api/voice/clones/c1/consent');
    fireEvent.click(screen.getByRole('button', { name: 'Remove Grandmother' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(screen.queryByText('Grandmother')).toBeNull());
    expect(call).toHaveBeenCalledWith('removeClonedVoice', { params: { id: 'c1' } });
  });

  test('cannot be made before the person has a name and was recorded; the statement carries the name', async () => {
    await setUp();
    fireEvent.click(await screen.findByRole('button', { name: 'Make a likeness' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('Enter the name first');
    fireEvent.change(screen.getByRole('textbox', { name: /Name of the person/u }), { target: { value: 'Ada Berg' } });
    expect(await screen.findByText('I am Ada Berg.')).toBeTruthy();
    const buttons = screen.getAllByRole<HTMLButtonElement>('button', { name: 'Make a likeness' });
    expect(buttons.some(({ type, disabled }) => type === 'submit' && disabled)).toBe(true);
  });

  test('say what is missing where no microphone can be had', async () => {
    await setUp();
    fireEvent.click(await screen.findByRole('button', { name: 'Make a likeness' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Record' }));
    expect((await screen.findByRole('alert')).textContent).not.toBe('');
  });

  test('say where to find a provider when there is none', async () => {
    await setUp({ voices: [], providers: [] });
    expect(await screen.findByText(/No provider here makes likenesses/u)).toBeTruthy();
  });
});
