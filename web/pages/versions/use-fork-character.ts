import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';

/** Copies a character to one of one's own and opens it for editing. */
export function useForkCharacter(): { fork: (characterId: string) => Promise<void>; forking: boolean } {
  const { t } = useTranslation('editor');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const guard = useGuard();
  const [forking, setForking] = useState(false);
  async function fork(characterId: string): Promise<void> {
    setForking(true);
    const params = { id: characterId };
    const made = await guard(api.call('forkCharacter', { params, query: { locale: currentLocale() }, body: {} }));
    setForking(false);
    if (made === undefined) return;
    await queryClient.invalidateQueries({ queryKey: ['characters'] });
    showToast({ text: t('versions.forked', { name: made.name }) });
    await navigate({ to: '/characters/$characterId/edit', params: { characterId: made.id } });
  }
  return { fork, forking };
}
