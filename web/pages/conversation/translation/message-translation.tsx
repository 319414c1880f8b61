import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../contract/messages.ts';
import { TRANSLATION_LANGUAGES } from '../../../../contract/translations.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { IconRefresh, IconX } from '../../../ui/icons.ts';
import { Prose } from '../prose.tsx';
import { useRoomCast } from '../room/room-cast.tsx';
import { rememberLanguage } from './choose-language.ts';
import classes from './translation.module.css';
import { useShownTranslation, useTranslationStore } from './translations-of.tsx';

/** What a message says in another language, below its own words. */
export function MessageTranslation({ message }: { message: Message }) {
  const { t, i18n } = useTranslation('files');
  const errorText = useErrorText();
  const guard = useGuard();
  const store = useTranslationStore();
  const { isHost } = useRoomCast();
  const shown = useShownTranslation(message.id);
  if (store === null || shown === undefined) return null;
  const running = shown.state === 'running';
  const names = new Intl.DisplayNames(i18n.language, { type: 'language' });
  const failure = typeof shown.error === 'string' ? shown.error : shown.error === null ? '' : errorText(shown.error);
  return (
    <section className={classes['translation']} aria-label={t('translation.label')} aria-busy={running}>
      <div className={classes['head']}>
        <NativeSelect
          size="xs"
          aria-label={t('translation.language')}
          value={shown.language}
          data={TRANSLATION_LANGUAGES.map((value) => ({ value, label: names.of(value) ?? value }))}
          onChange={(event) => {
            const language = TRANSLATION_LANGUAGES.find((one) => one === event.currentTarget.value);
            if (language === undefined) return;
            rememberLanguage(language);
            void store.translate(message.id, language);
          }}
        />
        {!running && (
          <button
            type="button"
            aria-label={t('translation.again')}
            onClick={() => void store.translate(message.id, shown.language, { again: true })}
          >
            <IconRefresh size={16} aria-hidden />
          </button>
        )}
        <button
          type="button"
          aria-label={running ? t('translation.stop') : t('translation.remove')}
          onClick={() => void guard(store.remove(message.id, { kept: isHost }))}
        >
          <IconX size={16} aria-hidden />
        </button>
      </div>
      {shown.text !== '' && (
        <div lang={shown.language}>
          <Prose text={shown.text} streaming={running} />
        </div>
      )}
      {running && shown.text === '' && <p role="status">{t('translation.running')}</p>}
      {shown.state === 'failed' && (
        <p role="alert">
          {failure === '' ? t('translation.failedPlain') : t('translation.failed', { reason: failure })}
        </p>
      )}
      {shown.state === 'done' && <small>{t('translation.by', { model: shown.model })}</small>}
    </section>
  );
}
