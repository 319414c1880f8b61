import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { currentLocale } from '../../state/i18n.ts';
import { facesQuery } from '../../state/queries.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconPlus } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { useMe } from '../../state/use-me.ts';
import { GuestHome } from '../frame/guest-rooms.tsx';
import { CharacterGrid } from '../characters/character-grid.tsx';
import { ConversationList } from './conversation-list.tsx';
import classes from './home-page.module.css';

/** Narrow: the list itself. Wide: the rail has the list, so this is the quiet place beside it. */
export function HomePage() {
  const narrow = useIsNarrow();
  const isGuest = useMe().role === 'guest';
  if (isGuest) return <GuestHome />;
  return narrow ? <ListHome /> : <QuietPlace />;
}

function ListHome() {
  const { t } = useTranslation('list');
  usePageTitle(t('title'));
  return (
    <div className={classes['page']}>
      <PageHeader title={t('title')}>
        <Link to="/characters" className={classes['plus']} aria-label={t('new')}>
          <IconPlus size={22} aria-hidden />
        </Link>
      </PageHeader>
      <ConversationList />
    </div>
  );
}

function QuietPlace() {
  const { t } = useTranslation('list');
  usePageTitle(t('title'));
  const { data: characters = [] } = useQuery(facesQuery(currentLocale()));
  return (
    <div className={classes['quiet']}>
      <PageHeader title={t('pick.title')} lead={t('pick.body')} />
      <CharacterGrid characters={characters} />
      <Link to="/characters">{t('empty.action')}</Link>
    </div>
  );
}
