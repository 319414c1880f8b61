import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './call-page.module.css';
import type { CallScreenState } from './call-session.ts';
import { CallTimer } from './call-timer.tsx';
import { useStateWord } from './use-state-word.ts';

export interface CallHeadProps {
  name: string;
  state: CallScreenState;
  /** In a room: those who are there. */
  children?: ReactNode;
}

/** Who it is, that it is an AI, what it is doing, and since when. */
export function CallHead({ name, state, children }: CallHeadProps) {
  const { t } = useTranslation(['call', 'common']);
  const word = useStateWord(state);
  return (
    <header className={classes['head']}>
      <h1>{name}</h1>
      <p className={classes['stateLine']}>
        <span data-testid="call-state">{word}</span>
        {state.startedAt !== null && state.phase !== 'over' && (
          <>
            <span aria-hidden>·</span>
            <CallTimer startedAt={state.startedAt} />
          </>
        )}
      </p>
      <p className={classes['label']}>
        {children === undefined ? t('common:aiCharacterPlain') : t('call:room.aiCharacters')}
      </p>
      {children}
      <Announcer state={state} word={word} />
    </header>
  );
}

/** To a screen reader only what it would not hear by itself: that the call is there, lost, muted, over. */
function Announcer({ state, word }: { state: CallScreenState; word: string }) {
  const { view, phase, muted, paused } = state;
  const quiet = view.state === 'listening' || view.state === 'hearing' || view.state === 'thinking';
  const worth = phase !== 'live' || view.link !== 'open' || muted || paused || !quiet;
  // While somebody speaks nothing speaks over them.
  const spoken = view.state === 'speaking' && view.link === 'open' && !paused;
  return (
    <span className="visually-hidden" role="status">
      {worth && !spoken ? word : ''}
    </span>
  );
}
