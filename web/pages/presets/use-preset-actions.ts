import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ImportedPreset } from '../../../contract/prompts.ts';
import { api } from '../../state/api.ts';
import { readAsBase64 } from '../../state/read-file.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';

interface Named {
  id: string;
  name: string;
}

export interface PresetActions {
  /** Copies a preset and opens the copy. */
  duplicate: (preset: Named) => Promise<void>;
  /** Deletes at once and offers to undo; true when it is gone. */
  remove: (preset: Named) => Promise<boolean>;
  save: (preset: Named, format: 'everwith' | 'sillytavern') => Promise<void>;
  read: (file: File) => Promise<ImportedPreset | undefined>;
}

export function usePresetActions(): PresetActions {
  const { t } = useTranslation(['presets', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['presets'] });
  return {
    duplicate: async ({ id, name }) => {
      const body = { name: t('presets:copyOf', { name }).slice(0, 200) };
      const copy = await guard(api.call('duplicatePreset', { params: { id }, body }));
      if (copy === undefined) return;
      await refresh();
      await navigate({ to: '/presets/$presetId', params: { presetId: copy.id } });
    },
    remove: async ({ id, name }) => {
      const params = { id };
      if ((await guard(api.call('deletePreset', { params }))) === undefined) return false;
      await refresh();
      const restore = async () => {
        await guard(api.call('restorePreset', { params }));
        await refresh();
      };
      showToast({
        text: t('presets:deletedToast', { name }),
        action: { label: t('common:undo'), run: () => void restore() },
      });
      return true;
    },
    save: async ({ id, name }, format) => {
      const file = await guard(api.call('exportPreset', { params: { id }, query: { format } }));
      if (file !== undefined) download(`${name}.json`, JSON.stringify(file, null, 2));
    },
    read: async (file) => {
      const data = await readAsBase64(file);
      const read = await guard(api.call('importPreset', { body: { fileName: file.name.slice(0, 255), data } }));
      if (read !== undefined) await refresh();
      return read;
    },
  };
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName.replace(/[\\/:*?"<>|]/g, '-');
  link.click();
  URL.revokeObjectURL(url);
}
