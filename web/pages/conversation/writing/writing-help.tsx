import { useTranslation } from 'react-i18next';
import { IconRefresh, IconX } from '../../../ui/icons.ts';
import type { Impersonation } from './use-impersonation.ts';
import type { Suggestions } from './use-suggestions.ts';
import classes from './writing.module.css';

export interface WritingHelpProps {
  impersonation: Impersonation;
  suggestions: Suggestions;
  /** Puts a suggestion into the box. */
  onTake: (words: string) => void;
}

/** Above the box: what the model is writing for the person, or three things to say. */
export function WritingHelp({ impersonation, suggestions, onTake }: WritingHelpProps) {
  return (
    <>
      <ImpersonationLine impersonation={impersonation} />
      <SuggestionChips {...{ suggestions, onTake }} />
    </>
  );
}

function ImpersonationLine({ impersonation }: { impersonation: Impersonation }) {
  const { t } = useTranslation(['compose', 'common']);
  const { state, problem } = impersonation;
  if (state === 'idle') return null;
  return (
    <div className={classes['line']} data-failed={state === 'failed'}>
      <span role={state === 'failed' ? 'alert' : 'status'}>
        {state === 'writing'
          ? t('compose:impersonate.writing')
          : state === 'written'
            ? t('compose:impersonate.written')
            : t('compose:impersonate.failed', { reason: problem })}
      </span>
      {state === 'writing' ? (
        <button type="button" className={classes['link']} onClick={impersonation.stop}>
          {t('compose:impersonate.stop')}
        </button>
      ) : (
        <>
          <button type="button" className={classes['link']} onClick={() => void impersonation.start()}>
            {t('compose:again')}
          </button>
          <button type="button" className={classes['link']} onClick={impersonation.undo}>
            {t('common:undo')}
          </button>
        </>
      )}
    </div>
  );
}

function SuggestionChips({ suggestions, onTake }: Pick<WritingHelpProps, 'suggestions' | 'onTake'>) {
  const { t } = useTranslation(['compose', 'common']);
  const { state, words, problem } = suggestions;
  if (state === 'idle') return null;
  return (
    <div className={classes['suggestions']} role="group" aria-label={t('compose:suggest.label')}>
      {state === 'thinking' && <span role="status">{t('compose:suggest.thinking')}</span>}
      {state === 'failed' && (
        <span role="alert" className={classes['problem']}>
          {t('compose:suggest.failed', { reason: problem })}
        </span>
      )}
      {words.map((suggestion) => (
        <button key={suggestion} type="button" className={classes['chip']} onClick={() => onTake(suggestion)}>
          {suggestion}
        </button>
      ))}
      {state !== 'thinking' && (
        <button type="button" className={classes['link']} onClick={() => void suggestions.start()}>
          <IconRefresh size={16} aria-hidden />
          {state === 'failed' ? t('compose:again') : t('compose:suggest.others')}
        </button>
      )}
      <button
        type="button"
        className={classes['icon']}
        aria-label={t('compose:suggest.close')}
        onClick={suggestions.close}
      >
        <IconX size={16} aria-hidden />
      </button>
    </div>
  );
}
