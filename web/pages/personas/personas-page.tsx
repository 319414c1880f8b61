import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import { Subpage } from '../../ui/subpage.tsx';
import { PersonaList } from './persona-list.tsx';

/** Who a person can be. */
export function PersonasPage() {
  const { t } = useTranslation('personas');
  usePageTitle(t('title'));
  return (
    <Subpage title={t('title')} back="/settings">
      <PersonaList />
    </Subpage>
  );
}
