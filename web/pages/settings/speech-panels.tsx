import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { localeSchema, type Locale } from '../../../contract/common.ts';
import type { SpeechModel } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { formatBytes } from '../../state/format.ts';
import { speechModelsQuery, voiceReadinessQuery } from '../../state/queries.ts';
import { useModelDownloads } from '../../state/use-model-downloads.ts';
import { ModelProgress } from '../../ui/model-progress.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';
import { useLanguageNames } from '../../ui/use-language-names.ts';
import { ModelActions } from './model-actions.tsx';
import classes from './model-row.module.css';

/** What speaks and listens in this house: whether calls can be held, voices, ears. */
export function SpeechPanels({ owner }: { owner: boolean }) {
  const { t } = useTranslation('settings');
  const { data: models } = useQuery(speechModelsQuery);
  if (models === undefined) return null;
  const voices = models.filter(({ role }) => role === 'speech');
  return (
    <>
      <Panel title={t('speech.calls')} lead={t('speech.callsLead')}>
        <PanelList>
          {localeSchema.options.map((locale) => (
            <ReadinessRow key={locale} locale={locale} owner={owner} />
          ))}
        </PanelList>
      </Panel>
      <SpeechList title={t('speech.voices')} lead={t('speech.voicesLead')} models={voices} owner={owner} />
      <SpeechList
        title={t('speech.ears')}
        lead={t('speech.earsLead')}
        models={models.filter(({ role }) => role !== 'speech')}
        owner={owner}
      />
    </>
  );
}

function ReadinessRow({ locale, owner }: { locale: Locale; owner: boolean }) {
  const { t } = useTranslation(['settings', 'welcome']);
  const { guard } = useModelDownloads();
  const { data: readiness } = useQuery(voiceReadinessQuery(locale));
  const language = locale === 'en' ? t('welcome:languages.en') : t('welcome:languages.zh');
  if (readiness === undefined) return null;
  const { ready, fetching, missing, totalBytes, receivedBytes, error } = readiness;
  const needs = t('settings:speech.missing', {
    size: formatBytes(totalBytes - receivedBytes),
    models: missing.map(({ label }) => label).join(' · '),
  });
  const state = fetching ? 'downloading' : 'absent';
  return (
    <PanelRow
      title={language}
      detail={
        <>
          {ready ? t('settings:speech.ready') : needs}
          <ModelProgress model={{ label: language, state, receivedBytes, sizeBytes: totalBytes, etaInSeconds: null }} />
          {error !== null && (
            <p className={classes['problem']} role="alert">
              {error.message}
            </p>
          )}
        </>
      }
    >
      {owner && !ready && !fetching && (
        <Button
          variant="default"
          aria-label={t('settings:speech.prepareOf', { language })}
          onClick={() => void guard(api.call('prepareVoice', { body: { language: locale } }))}
        >
          {t('settings:models.download')}
        </Button>
      )}
    </PanelRow>
  );
}

interface SpeechListProps {
  title: string;
  lead: string;
  models: readonly SpeechModel[];
  owner: boolean;
}

function SpeechList({ title, lead, models, owner }: SpeechListProps) {
  return (
    <Panel title={title} lead={lead}>
      <PanelList>
        {models.map((model) => (
          <SpeechRow key={model.id} model={model} owner={owner} />
        ))}
      </PanelList>
    </Panel>
  );
}

function SpeechRow({ model, owner }: { model: SpeechModel; owner: boolean }) {
  const { t } = useTranslation('settings');
  const { guard } = useModelDownloads();
  const params = { id: model.id };
  return (
    <PanelRow
      title={
        <>
          {model.label}
          {model.state === 'installed' && (
            <span className={classes['mark']} data-strong>
              {t('models.states.installed')}
            </span>
          )}
          {model.role === 'speech' && !model.forCalls && <span className={classes['mark']}>{t('speech.slow')}</span>}
        </>
      }
      detail={<Facts model={model} />}
    >
      {owner && (
        <ModelActions
          model={model}
          download={() => guard(api.call('downloadSpeechModel', { params }))}
          cancel={() => guard(api.call('cancelSpeechDownload', { params }))}
          remove={() => guard(api.call('removeSpeechModel', { params }))}
          verify={() => api.call('verifySpeechModel', { params })}
        />
      )}
    </PanelRow>
  );
}

function Facts({ model }: { model: SpeechModel }) {
  const { t } = useTranslation('settings');
  const languages = useLanguageNames();
  const facts = [
    t(`speech.roles.${model.role}`),
    model.voiceCount > 1 ? t('speech.voiceCount', { count: model.voiceCount }) : '',
    formatBytes(model.sizeBytes),
    languages(model.languages),
    model.licence,
  ];
  return (
    <>
      {facts.filter((fact) => fact !== '').join(' · ')}
      <ModelProgress model={model} />
      {model.state === 'failed' && (
        <p className={classes['problem']} role="alert">
          {model.error?.message ?? t('models.states.failed')}
        </p>
      )}
    </>
  );
}
