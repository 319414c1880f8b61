import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { PresetList } from './preset-list.tsx';
import classes from './presets.module.css';

/** How prompts are made. */
export function PresetsPage() {
  const { t } = useTranslation(['presets', 'common']);
  usePageTitle(t('presets:title'));
  return (
    <div className={classes['page']}>
      <div className={classes['pageHead']}>
        <Link to="/settings" className={classes['back']} aria-label={t('common:back')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <PageHeader title={t('presets:title')} />
      </div>
      <PresetList />
    </div>
  );
}
