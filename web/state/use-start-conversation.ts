import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, newClientId } from './api.ts';
import { currentLocale } from './i18n.ts';
import { showToast } from './toasts.ts';
import { useErrorText } from './use-error-text.ts';

/** Begins a conversation with a character and goes there. `starting` is the character being called. */
export function useStartConversation(): { start: (characterId: string) => Promise<void>; starting: string | null } {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [starting, setStarting] = useState<string | null>(null);
  async function start(characterId: string): Promise<void> {
    if (starting !== null) return;
    setStarting(characterId);
    try {
      const body = { characterId, locale: currentLocale(), clientId: newClientId() };
      const { id } = await api.call('createConversation', { body });
      void queryClient.invalidateQueries({ queryKey: ['conversations'] });
      await navigate({ to: '/c/$conversationId', params: { conversationId: id } });
    } catch (error) {
      showToast({ kind: 'error', text: errorText(error) });
    } finally {
      setStarting(null);
    }
  }
  return { start, starting };
}
