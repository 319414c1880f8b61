import { useTranslation } from 'react-i18next';
import { captionOf } from './call-view.ts';
import type { CallView } from './call-view.ts';
import classes from './call-page.module.css';

export interface CallCaptionsProps {
  view: CallView;
  /** Captions of what is said; what was heard of the person is shown in any case while they speak. */
  shown: boolean;
  large: boolean;
  lang: string;
}

/**
 * What was heard of the person, and what sounds now, clause by clause. Sound and a screen reader would speak over each
 * other, so nothing here is announced; who wants to read along moves into the region.
 */
export function CallCaptions({ view, shown, large, lang }: CallCaptionsProps) {
  const { t } = useTranslation('call');
  const { before, now } = captionOf(view);
  const { heard } = view;
  return (
    <section className={classes['words']} data-large={large} lang={lang} aria-label={t('captions.region')}>
      {heard !== null && heard.text !== '' && (shown || !heard.final) && (
        <p className={classes['heard']} data-final={heard.final}>
          <b>{t('captions.you')}</b>
          {heard.text}
        </p>
      )}
      {shown && now !== '' && (
        <p className={classes['caption']} data-testid="caption">
          {view.reply?.speaker && <b>{t('captions.speaker', { name: view.reply.speaker.name })}</b>}
          {before !== '' && <span>{before.trimStart()}</span>}
          {before === '' ? now.trimStart() : now}
        </p>
      )}
    </section>
  );
}
