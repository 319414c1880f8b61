import { useEffect } from 'react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { listenForKeys } from '../../../state/listen-for-keys.ts';
import { endReading, setQuiet, type Quiet } from '../../../state/quiet.ts';
import { IconX } from '../../../ui/icons.ts';
import classes from './quiet-bar.module.css';

/** The share of a page that turning it moves on: a line or two stay to find one's place. */
const PAGE = 0.88;

/** The way out of reading and focus, and the keys that turn pages. */
export function QuietBar({ quiet, talk }: { quiet: Exclude<Quiet, 'off'>; talk: RefObject<HTMLElement | null> }) {
  const { t } = useTranslation('looks');
  usePageKeys(quiet === 'reading', talk);
  return (
    <div className={classes['bar']} data-quiet={quiet}>
      {quiet === 'reading' && <span className={classes['keys']}>{t('reading.keys')}</span>}
      <button type="button" onClick={quiet === 'reading' ? endReading : () => setQuiet('off')}>
        <IconX size={16} aria-hidden /> {t(`leave.${quiet}`)}
      </button>
    </div>
  );
}

function usePageKeys(enabled: boolean, talk: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!enabled) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === 'Escape') return endReading();
      const scroller = talk.current?.querySelector('[data-part="scroller"]');
      const step = pageStep(event);
      if (!scroller || step === 0) return;
      // A focused button is pressed by the space bar.
      if (event.key === ' ' && event.target instanceof Element && event.target.closest('button, a')) return;
      event.preventDefault();
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      const top = Number.isFinite(step) ? scroller.scrollTop + step * scroller.clientHeight * PAGE : step;
      scroller.scrollTo({ top: endOf(scroller, top), behavior: still ? 'instant' : 'smooth' });
    };
    return listenForKeys(onKeyDown);
  }, [enabled, talk]);
}

function endOf(scroller: Element, top: number): number {
  return Math.min(Math.max(top, 0), scroller.scrollHeight);
}

function pageStep({ key, shiftKey }: KeyboardEvent): number {
  switch (key) {
    case 'PageDown':
    case 'ArrowRight':
      return 1;
    case 'PageUp':
    case 'ArrowLeft':
      return -1;
    case ' ':
      return shiftKey ? -1 : 1;
    case 'Home':
      return Number.NEGATIVE_INFINITY;
    case 'End':
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}
