import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { VoiceReadiness } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';
import { formatBytes } from '../../state/format.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import classes from './call-page.module.css';
import { voiceReadinessQuery } from './call-queries.ts';

interface ReadinessStepProps {
  conversation: Conversation;
  readiness: VoiceReadiness;
}

/** The first call in a language: what has to be fetched, how large it is, under which licence; then it begins by itself. */
export function ReadinessStep({ conversation, readiness }: ReadinessStepProps) {
  const { t } = useTranslation('call');
  const { name } = conversation.character;
  return (
    <>
      <header className={classes['head']}>
        <h1>{name}</h1>
      </header>
      <section className={classes['step']}>
        <h2>{readiness.fetching ? t('readiness.fetching') : t('readiness.title')}</h2>
        <p>{readiness.fetching ? t('readiness.begins', { name }) : t('readiness.lead', { name })}</p>
        <ul className={classes['pieces']}>
          {readiness.missing.map(({ modelId, label, sizeBytes, licence }) => (
            <li key={modelId}>
              <span>{label}</span>
              <span>{formatBytes(sizeBytes)}</span>
              <small>{t('readiness.licence', { licence })}</small>
            </li>
          ))}
        </ul>
        {readiness.fetching ? <Progress readiness={readiness} /> : <FetchButton readiness={readiness} />}
        <Link to="/c/$conversationId" params={{ conversationId: conversation.id }} className={classes['chip']}>
          {t('readiness.writeInstead')}
        </Link>
      </section>
    </>
  );
}

function Progress({ readiness: { receivedBytes, totalBytes } }: { readiness: VoiceReadiness }) {
  const { t } = useTranslation('call');
  const received = Math.min(receivedBytes, totalBytes);
  return (
    <div className={classes['progress']}>
      <progress max={Math.max(1, totalBytes)} value={received} aria-label={t('readiness.progress')} />
      <p>{t('readiness.received', { received: formatBytes(received), total: formatBytes(totalBytes) })}</p>
    </div>
  );
}

function FetchButton({ readiness }: { readiness: VoiceReadiness }) {
  const { t } = useTranslation('call');
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const { language } = readiness;
  const prepare = useMutation({
    mutationFn: () => api.call('prepareVoice', { body: { language } }),
    onSuccess: (started) => queryClient.setQueryData(voiceReadinessQuery(language).queryKey, started),
  });
  const size = formatBytes(Math.max(0, readiness.totalBytes - readiness.receivedBytes));
  const problem = prepare.error === null ? readiness.error?.message : errorText(prepare.error);
  return (
    <>
      {problem !== undefined && <p role="alert">{t('readiness.failed', { reason: problem })}</p>}
      <button
        type="button"
        className={classes['chip']}
        data-main
        disabled={prepare.isPending}
        onClick={() => prepare.mutate()}
      >
        {t('readiness.fetch', { size })}
      </button>
    </>
  );
}
