import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { presetName } from './preset-name.ts';
import { presetsQuery } from './preset-queries.ts';

/** Which preset a conversation's prompts are made by; one that is gone shows as the house's. */
export function PresetChoice({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const { t } = useTranslation(['presets', 'common']);
  const { data: presets = [] } = useQuery(presetsQuery);
  const chosen = presets.find(({ id }) => id === value);
  return (
    <>
      <NativeSelect
        label={t('presets:ofConversation.label')}
        description={t('presets:ofConversation.hint')}
        value={chosen?.id ?? ''}
        data={[
          { value: '', label: t('presets:ofConversation.usual') },
          ...presets.map((preset) => ({ value: preset.id, label: presetName(preset, t) })),
        ]}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
      <Link to="/presets">{t('presets:ofConversation.manage')}</Link>
    </>
  );
}
