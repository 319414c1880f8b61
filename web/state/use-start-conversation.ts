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
  /** Begins one with several, in this order. */
  startRoom: (characterIds: readonly string[]) => Promise<void>;
  /** Begins one and calls there. */
  call: (characterId: string) => Promise<void>;
  /** The character being called. */
  starting: string | null;
}

interface BeginOptions {
  greeting?: number;
  others?: readonly string[];
  calls: boolean;
}

/** Begins a conversation with a character and goes there. */
export function useStartConversation(): StartConversation {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [starting, setStarting] = useState<string | null>(null);
  async function begin(characterId: string, { greeting, others, calls }: BeginOptions): Promise<void> {
    if (starting !== null) return;
    setStarting(characterId);
    try {
      const begun = { ...(greeting !== undefined && { greeting }), ...(others && { characterIds: [...others] }) };
      const body = { characterId, locale: currentLocale(), clientId: newClientId(), ...begun };
      const { id } = await api.call('createConversation', { body });
      void queryClient.invalidateQueries({ queryKey: ['conversations'] });
      const params = { conversationId: id };
      await (calls
        ? navigate({ to: '/call/$conversationId', params })
        : navigate({ to: '/c/$conversationId', params }));
    } catch (error) {
      showToast({ kind: 'error', text: errorText(error) });
    } finally {
      setStarting(null);
    }
  }
  return {
    start: (characterId, greeting) =>
      begin(characterId, greeting === undefined ? { calls: false } : { greeting, calls: false }),
    startRoom: async ([first, ...others]) => {
      if (first !== undefined) await begin(first, { others, calls: false });
    },
    call: (characterId) => begin(characterId, { calls: true }),
    starting,
  };
}
