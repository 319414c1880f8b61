import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { IconBook, IconCode, IconMap, IconPlus, IconSettings, IconUsers } from '../../ui/icons.ts';
import { ConversationList } from './conversation-list.tsx';
import classes from './conversation-rail.module.css';

/** The left column of wide screens: brand, search, conversations, and the ways to the other pages. */
export function ConversationRail() {
  const { t } = useTranslation(['common', 'list', 'books', 'worlds', 'developers']);
  return (
    <nav className={classes['rail']} aria-label={t('common:nav.label')}>
      <div className={classes['head']}>
        <Link to="/" className={classes['brand']}>
          {t('common:app')} <small>{t('common:appSubtitle')}</small>
        </Link>
        <Link to="/characters" className={classes['plus']} aria-label={t('list:new')} title={t('list:new')}>
          <IconPlus size={20} aria-hidden />
        </Link>
      </div>
      <ConversationList />
      <div className={classes['foot']}>
        <Link to="/characters" className={classes['footLink']}>
          <IconUsers size={18} aria-hidden />
          {t('common:nav.characters')}
        </Link>
        <Link to="/books" className={classes['footLink']}>
          <IconBook size={18} aria-hidden />
          {t('books:nav')}
        </Link>
        <Link to="/worlds" className={classes['footLink']}>
          <IconMap size={18} aria-hidden />
          {t('worlds:nav')}
        </Link>
        <Link to="/developers" className={classes['footLink']}>
          <IconCode size={18} aria-hidden />
          {t('developers:nav')}
        </Link>
        <Link to="/settings" className={classes['footLink']}>
          <IconSettings size={18} aria-hidden />
          {t('common:nav.settings')}
        </Link>
      </div>
    </nav>
  );
}
