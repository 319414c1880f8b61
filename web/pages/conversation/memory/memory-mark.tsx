import { useTranslation } from 'react-i18next';
import type { ConversationMemory } from '../../../../contract/memory.ts';
import { IconEyeOff, IconLock } from '../../../ui/icons.ts';
import classes from './memory-mark.module.css';

/** Said quietly in the head of a conversation that is not remembered. */
export function MemoryMark({ memory, onOpen }: { memory: ConversationMemory; onOpen: () => void }) {
  const { t } = useTranslation('memory');
  if (memory === 'on') return null;
  const Icon = memory === 'private' ? IconLock : IconEyeOff;
  return (
    <button type="button" className={classes['mark']} onClick={onOpen}>
      <Icon size={14} aria-hidden />
      {t(`talk.mark.${memory}`)}
    </button>
  );
}
