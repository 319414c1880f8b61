import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { PersonaList } from './persona-list.tsx';
import classes from './personas.module.css';

/** Who a person can be. */
export function PersonasPage() {
  const { t } = useTranslation(['personas', 'common']);
  usePageTitle(t('personas:title'));
  return (
    <div className={classes['page']}>
      <div className={classes['pageHead']}>
        <Link to="/settings" className={classes['back']} aria-label={t('common:back')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <PageHeader title={t('personas:title')} />
      </div>
      <PersonaList />
    </div>
  );
}
