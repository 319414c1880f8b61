import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClonedVoice } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { formatDateTime } from '../../state/format.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { CloneVoiceDialog } from './clone-voice-dialog.tsx';
import { clonedVoicesQuery } from './cloned-voice-queries.ts';

/** Likenesses of people's voices, each with the consent it was made from. */
export function ClonedVoicesPanel() {
  const { t } = useTranslation('clones');
  const errorText = useErrorText();
  const { data, error } = useQuery(clonedVoicesQuery);
  const [making, setMaking] = useState(false);
  if (data === undefined) return error === null ? null : <p role="alert">{errorText(error)}</p>;
  return (
    <Panel title={t('title')} lead={t('lead')}>
      {data.providers.length === 0 ? (
        <p>{t('noProvider')}</p>
      ) : (
        <div>
          <Button variant="default" onClick={() => setMaking(true)}>
            {t('make')}
          </Button>
        </div>
      )}
      <PanelList>
        {data.voices.map((voice) => (
          <ClonedVoiceRow key={voice.id} voice={voice} />
        ))}
      </PanelList>
      {making && <CloneVoiceDialog providers={data.providers} onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function ClonedVoiceRow({ voice }: { voice: ClonedVoice }) {
  const { t } = useTranslation('clones');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { id, label, consentName, providerName, createdAt } = voice;
  const remove = async (): Promise<void> => {
    await guard(api.call('removeClonedVoice', { params: { id } }));
    await queryClient.invalidateQueries(clonedVoicesQuery);
    await queryClient.invalidateQueries({ queryKey: ['voices'] });
  };
  const facts = t('facts', { name: consentName, provider: providerName, time: formatDateTime(createdAt) });
  return (
    <PanelRow title={label} detail={facts}>
      <Button
        component="a"
        variant="default"
        href={`/api/voice/clones/${id}/consent`}
        download={`${label}.wav`}
        aria-label={t('consentOf', { name: label })}
      >
        {t('consent')}
      </Button>
      <Button variant="default" aria-label={t('removeOf', { name: label })} onClick={() => setAsking(true)}>
        {t('remove')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('removeOf', { name: label })}
          body={t('removeBody', { provider: providerName })}
          confirmLabel={t('remove')}
          onConfirm={remove}
          onClose={() => setAsking(false)}
        />
      )}
    </PanelRow>
  );
}
