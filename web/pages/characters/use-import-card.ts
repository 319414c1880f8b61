import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardImport } from '../../../contract/cards.ts';
import { api } from '../../state/api.ts';
import { readAsBase64 } from '../../state/read-file.ts';
import { dismissToast, showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';

/** Fired on the window with the chosen `File` as detail; the frame's drop zone takes it from there. */
export const IMPORT_EVENT = 'everwith-import';

/** The server's limit for a card, in bytes. */
const CARD_LIMIT = 12 * 1024 * 1024;

export function useImportCard(onRemarks: (imported: CardImport) => void): (file: File) => Promise<void> {
  const { t } = useTranslation('characters');
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async (file) => {
      if (file.size > CARD_LIMIT) {
        showToast({ kind: 'error', text: t('importTooLarge', { file: file.name }) });
        return;
      }
      const notice = showToast({ text: t('importing') });
      try {
        const body = { fileName: file.name.slice(0, 255), data: await readAsBase64(file) };
        const imported = await api.call('importCharacter', { body });
        await queryClient.invalidateQueries({ queryKey: ['characters'] });
        if (imported.warnings.length > 0) return onRemarks(imported);
        showToast({ text: t('imported', { name: imported.character.name }) });
        await navigate({ to: '/characters/$characterId', params: { characterId: imported.character.id } });
      } catch (error) {
        showToast({ kind: 'error', text: t('importFailed', { file: file.name, reason: errorText(error) }) });
      } finally {
        dismissToast(notice);
      }
    },
    // oxlint-disable-next-line react/exhaustive-deps -- `errorText` follows `t`, which changes with the language
    [t, queryClient, navigate, onRemarks],
  );
}
