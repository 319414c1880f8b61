import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconPlus } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import plain from '../../ui/plain-page.module.css';
import { ConversationList } from './conversation-list.tsx';
import classes from './home-page.module.css';

/** Narrow: the list itself. Wide: the rail has the list, so this is the quiet place beside it. */
export function HomePage() {
  const { t } = useTranslation('list');
  const narrow = useIsNarrow();
  usePageTitle(t('title'));
  if (!narrow) {
    return (
      <div className={plain['page']}>
        <h1>{t('pick.title')}</h1>
        <p>{t('pick.body')}</p>
        <Link to="/characters">{t('empty.action')}</Link>
      </div>
    );
  }
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
