import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { conversationsQuery } from '../../state/queries.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ConversationRow } from '../conversations/conversation-row.tsx';
import list from '../conversations/conversation-list.module.css';
import home from '../conversations/home-page.module.css';
import rail from '../conversations/conversation-rail.module.css';

/** All that a guest sees of the house: the rooms they were let into, and what they may do there. */
export function GuestHome() {
  const { t } = useTranslation('room');
  usePageTitle(t('guest.title'));
  return (
    <div className={home['page']}>
      <PageHeader title={t('guest.title')} lead={t('guest.lead')} />
      <GuestRooms />
    </div>
  );
}

/** Beside a room on wide screens. */
export function GuestRail() {
  const { t } = useTranslation(['room', 'common']);
  return (
    <nav className={rail['rail']} aria-label={t('common:nav.label')}>
      <div className={rail['head']}>
        <span className={rail['brand']}>
          {t('common:app')} <small>{t('common:appSubtitle')}</small>
        </span>
      </div>
      <GuestRooms />
      <p className={rail['guest']}>{t('room:guest.lead')}</p>
    </nav>
  );
}

function GuestRooms() {
  const { t } = useTranslation('room');
  const { data, isSuccess } = useInfiniteQuery(conversationsQuery({}));
  const rooms = data?.pages.flatMap((page) => page.conversations) ?? [];
  if (isSuccess && rooms.length === 0) return <p className={list['empty']}>{t('guest.empty')}</p>;
  return (
    <div className={list['scroll']}>
      <ul className={list['list']}>
        {rooms.map((room) => (
          <ConversationRow key={room.id} conversation={room} />
        ))}
      </ul>
    </div>
  );
}
