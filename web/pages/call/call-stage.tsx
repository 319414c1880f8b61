import { useTranslation } from 'react-i18next';
import classes from './call-page.module.css';
import type { CallScreenState } from './call-session.ts';
import { LivingLight } from './living-light.tsx';
import type { VoiceLevels } from './living-light.tsx';

export interface CallStageProps {
  name: string;
  state: CallScreenState;
  levels: () => VoiceLevels;
  onPress: () => void;
}

/** The light over the picture. The whole of it is a button while a press does something: begin, or interrupt. */
export function CallStage({ name, state, levels, onPress }: CallStageProps) {
  const { t } = useTranslation('call');
  const { phase, view } = state;
  const begins = phase === 'idle';
  const interrupts = phase === 'live' && (view.state === 'speaking' || view.state === 'thinking');
  return (
    <div className={classes['stage']}>
      <LivingLight levels={levels} state={view.state} />
      {begins && (
        <button type="button" className={classes['begin']} data-stage onClick={onPress}>
          {t('begin', { name })}
        </button>
      )}
      {interrupts && (
        <button
          type="button"
          className={classes['tap']}
          data-stage
          onClick={onPress}
          aria-label={t('interrupt', { name })}
        >
          <span className={classes['tapHint']} aria-hidden>
            {t('interruptHint')}
          </span>
        </button>
      )}
    </div>
  );
}
