import { useTranslation } from 'react-i18next';
import type { CallScreenState } from './call-session.ts';

/** What the call is doing, in a word. */
export function useStateWord({ phase, view, muted, microphone, paused, held }: CallScreenState): string {
  const { t } = useTranslation('call');
  if (phase === 'over' || view.state === 'ended') return t('state.ended');
  if (phase === 'idle') return t('state.ready');
  if (phase === 'starting' && !microphone.open && microphone.problem === null) return t('state.asking');
  if (view.link === 'connecting') return t('state.connecting');
  if (view.link === 'reconnecting' || view.state === 'away') return t('state.reconnecting');
  if (paused) return t('state.paused');
  if (view.state === 'speaking') return t('state.speaking');
  if (view.state === 'thinking') return t('state.thinking');
  if (muted) return t('state.muted');
  if (held || view.state === 'hearing') return t('state.hearing');
  if (!microphone.open) return t('state.typing');
  return t('state.listening');
}
