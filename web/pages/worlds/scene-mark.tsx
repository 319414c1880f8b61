import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { tellStoryTime } from '../../../contract/story-time.ts';
import { currentLocale } from '../../state/i18n.ts';
import classes from './scene-mark.module.css';

/** A quiet line: where and when a conversation happens; opens the change of both for whoever may change it. */
export function SceneMark({ scene, onOpen }: { scene: Conversation['scene']; onOpen: (() => void) | null }) {
  const { t } = useTranslation('worlds');
  if (scene === null) return null;
  const words = [scene.place?.name ?? scene.worldName, tellStoryTime(scene.time, currentLocale())]
    .filter((word) => word !== '')
    .join(' · ');
  if (onOpen === null) {
    return (
      <p className={classes['mark']} data-still>
        {words}
      </p>
    );
  }
  return (
    <button type="button" className={classes['mark']} aria-label={t('sceneName', { scene: words })} onClick={onOpen}>
      {words}
    </button>
  );
}
