import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Locale } from '../../../contract/common.ts';
import type { Voice } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { formatBytes } from '../../state/format.ts';
import { speechModelsQuery } from '../../state/queries.ts';
import { useMe } from '../../state/use-me.ts';
import { useModelDownloads } from '../../state/use-model-downloads.ts';
import { ModelProgress } from '../../ui/model-progress.tsx';
import { PanelRow } from '../../ui/panel.tsx';
import { InstallButton } from './install-button.tsx';
import { HearButton } from './hear-button.tsx';
import { sampleAddress } from './sample-address.ts';
import { voiceLabel } from './voice-label.ts';
import classes from './voices.module.css';

export interface VoiceRowProps {
  voice: Voice;
  locale: Locale;
  /** The voice of this language where nobody chose one. */
  usual: boolean;
}

/** One voice: what it is, and the way to hear it, or to install it first. */
export function VoiceRow({ voice, locale, usual }: VoiceRowProps) {
  const { t } = useTranslation('voices');
  return (
    <PanelRow
      title={
        <>
          {voiceLabel(voice)}
          {usual && <span className={classes['mark']}>{t('usual')}</span>}
          {voice.cloned && (
            <span className={classes['mark']} data-strong>
              {t('likeness')}
            </span>
          )}
        </>
      }
      detail={<Facts voice={voice} />}
    >
      {voice.installed ? (
        <HearButton url={sampleAddress({ voice: voice.ref, locale })} name={voice.label} />
      ) : (
        <Install voice={voice} />
      )}
    </PanelRow>
  );
}

function Facts({ voice }: { voice: Voice }) {
  const { t } = useTranslation('voices');
  const facts = [
    voice.gender === null || voice.gender === 'neutral' ? '' : t(`genders.${voice.gender}`),
    voice.engine.place === 'provider' ? t('ofProvider') : t('here'),
    voice.forCalls ? '' : t('slow'),
    voice.licence,
  ];
  return (
    <>
      {facts.filter((fact) => fact !== '').join(' · ')}
      {voice.cloned && <span className={classes['explained']}>{t('likenessLead')}</span>}
    </>
  );
}

function Install({ voice }: { voice: Voice }) {
  const { t } = useTranslation('voices');
  const me = useMe();
  const { guard } = useModelDownloads();
  const { data: models = [] } = useQuery(speechModelsQuery);
  const model = models.find(({ id }) => id === voice.modelId);
  if (model === undefined) return null;
  if (me.role !== 'owner') return <span>{t('askOwner')}</span>;
  const busy = ['queued', 'downloading', 'verifying'].includes(model.state);
  return (
    <div className={classes['install']}>
      {busy ? (
        <ModelProgress model={model} />
      ) : (
        <InstallButton
          label={model.label}
          size={formatBytes(model.sizeBytes)}
          licence={model.licence}
          onInstall={() => void guard(api.call('downloadSpeechModel', { params: { id: model.id } }))}
        />
      )}
    </div>
  );
}
