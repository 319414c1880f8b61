import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import { Subpage } from '../../ui/subpage.tsx';
import { PresetList } from './preset-list.tsx';

/** How prompts are made. */
export function PresetsPage() {
  const { t } = useTranslation('presets');
  usePageTitle(t('title'));
  return (
    <Subpage title={t('title')} back="/settings">
      <PresetList />
    </Subpage>
  );
}
