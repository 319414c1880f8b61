import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { IconMessageCircle, IconSettings, IconUsers } from '../../ui/icons.ts';
import classes from './app-frame.module.css';

export function BottomBar() {
  const { t } = useTranslation();
  return (
    <nav className={classes['bar']} aria-label={t('nav.label')}>
      <Link to="/" className={classes['tab']} activeOptions={{ exact: true }}>
        <IconMessageCircle size={22} aria-hidden />
        {t('nav.conversations')}
      </Link>
      <Link to="/characters" className={classes['tab']}>
        <IconUsers size={22} aria-hidden />
        {t('nav.characters')}
      </Link>
      <Link to="/settings" className={classes['tab']}>
        <IconSettings size={22} aria-hidden />
        {t('nav.settings')}
      </Link>
    </nav>
  );
}
