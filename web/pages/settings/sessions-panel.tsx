import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { browserName } from '../../state/browser-name.ts';
import { formatDateTime } from '../../state/format.ts';
import { sessionsQuery } from '../../state/queries.ts';
import { useGuard } from '../../state/use-guard.ts';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';

export function SessionsPanel() {
  const { t } = useTranslation('settings');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { data: sessions = [] } = useQuery(sessionsQuery);
  return (
    <Panel title={t('account.sessions')}>
      <PanelList>
        {sessions.map(({ id, userAgent, current, lastSeenAt }) => {
          const browser = browserName(userAgent) ?? t('account.unknownBrowser');
          const seen = t('account.lastSeen', { time: formatDateTime(lastSeenAt) });
          return (
            <PanelRow key={id} title={browser} detail={current ? t('account.thisBrowser') : seen}>
              {!current && (
                <Button
                  variant="default"
                  aria-label={t('account.endSessionOf', { browser })}
                  onClick={() =>
                    void guard(api.call('endSession', { params: { id } })).then(() =>
                      queryClient.invalidateQueries({ queryKey: ['sessions'] }),
                    )
                  }
                >
                  {t('account.endSession')}
                </Button>
              )}
            </PanelRow>
          );
        })}
      </PanelList>
    </Panel>
  );
}
