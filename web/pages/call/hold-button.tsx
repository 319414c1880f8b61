import { useTranslation } from 'react-i18next';
import classes from './call-page.module.css';

/** Push-to-talk for a finger or a mouse; Space does the same for a keyboard. */
export function HoldButton({ held, onHold }: { held: boolean; onHold: (held: boolean) => void }) {
  const { t } = useTranslation('call');
  return (
    <button
      type="button"
      className={classes['hold']}
      data-held={held}
      data-stage
      aria-pressed={held}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onHold(true);
      }}
      onPointerUp={() => onHold(false)}
      onPointerCancel={() => onHold(false)}
      // A screen reader's press has no length: it begins, and the next one ends.
      onClick={({ detail }) => {
        if (detail === 0) onHold(!held);
      }}
      onContextMenu={(event) => event.preventDefault()}
    >
      {held ? t('hold.release') : t('hold.press')}
    </button>
  );
}
