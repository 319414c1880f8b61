import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { aboutQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';

export function AboutSection() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const { data: about, error } = useQuery(aboutQuery);
  return (
    <Panel lead={t('about.lead')}>
      {error !== null && <p role="alert">{errorText(error)}</p>}
      {about !== undefined && (
        <PanelList>
          <PanelRow title={t('about.version')} detail={about.version} />
          <PanelRow title={t('about.address')} detail={about.address} />
          <PanelRow title={t('about.dataDirectory')} detail={about.dataDirectory} />
          <PanelRow title={t('about.storage')} detail={about.storage} />
          <PanelRow title={t('about.licence')} detail={t('about.licenceName')} />
        </PanelList>
      )}
    </Panel>
  );
}
