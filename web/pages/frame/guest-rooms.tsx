import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ConversationList } from '../conversations/conversation-list.tsx';
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
  return <ConversationList searches={false} empty={<p className={list['empty']}>{t('guest.empty')}</p>} />;
}
