import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, newClientId } from './api.ts';
import { currentLocale } from './i18n.ts';
import { showToast } from './toasts.ts';
import { useErrorText } from './use-error-text.ts';

export interface StartConversation {
  /** `greeting` is the place of the one to begin with; the first when absent. */
  start: (characterId: string, greeting?: number) => Promise<void>;
  /** The character being called. */
  starting: string | null;
}

/** Begins a conversation with a character and goes there. */
export function useStartConversation(): StartConversation {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [starting, setStarting] = useState<string | null>(null);
  async function start(characterId: string, greeting?: number): Promise<void> {
    if (starting !== null) return;
    setStarting(characterId);
    try {
      const begun = greeting === undefined ? {} : { greeting };
      const body = { characterId, locale: currentLocale(), clientId: newClientId(), ...begun };
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
