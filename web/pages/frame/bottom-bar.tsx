import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { IconBook, IconMap, IconMessageCircle, IconSettings, IconUsers } from '../../ui/icons.ts';
import classes from './app-frame.module.css';

export function BottomBar() {
  const { t } = useTranslation(['common', 'books', 'worlds']);
  return (
    <nav className={classes['bar']} aria-label={t('common:nav.label')}>
      <Link to="/" className={classes['tab']} activeOptions={{ exact: true }}>
        <IconMessageCircle size={22} aria-hidden />
        {t('common:nav.conversations')}
      </Link>
      <Link to="/characters" className={classes['tab']}>
        <IconUsers size={22} aria-hidden />
        {t('common:nav.characters')}
      </Link>
      <Link to="/books" className={classes['tab']}>
        <IconBook size={22} aria-hidden />
        {t('books:nav')}
      </Link>
      <Link to="/worlds" className={classes['tab']}>
        <IconMap size={22} aria-hidden />
        {t('worlds:nav')}
      </Link>
      <Link to="/settings" className={classes['tab']}>
        <IconSettings size={22} aria-hidden />
        {t('common:nav.settings')}
      </Link>
    </nav>
  );
}
