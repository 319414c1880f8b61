import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Participant } from '../../../../contract/rooms.ts';
import { IconCheck, IconChevronDown, IconLock, IconUsers } from '../../../ui/icons.ts';
import { Face } from './face.tsx';
import { toggleListener, type Hearing } from './hearing.ts';
import { listNames } from './room-title.ts';
import classes from './hearing-chip.module.css';

export interface HearingChipProps {
  hearing: Hearing;
  listeners: readonly Participant[];
  onChange: (hearing: Hearing) => void;
}

/** Who is to hear the next words: all, some in a whisper, or nobody. */
export function HearingChip({ hearing, listeners, onChange }: HearingChipProps) {
  const { t } = useTranslation('room');
  const text = useHearingText(hearing, listeners);
  return (
    <Menu position="top-start" width={280} closeOnItemClick={false}>
      <Menu.Target>
        <button
          type="button"
          className={classes['chip']}
          data-quiet={hearing.kind === 'open'}
          aria-label={t('hearing.label', { text })}
        >
          {hearing.kind === 'open' ? <IconUsers size={15} aria-hidden /> : <IconLock size={15} aria-hidden />}
          <span>{text}</span>
          <IconChevronDown size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes['menu']}>
        <Menu.Item
          closeMenuOnClick
          rightSection={hearing.kind === 'open' && <IconCheck size={16} aria-hidden />}
          aria-current={hearing.kind === 'open'}
          onClick={() => onChange({ kind: 'open' })}
        >
          {t('hearing.open')}
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick
          rightSection={hearing.kind === 'aside' && <IconCheck size={16} aria-hidden />}
          aria-current={hearing.kind === 'aside'}
          onClick={() => onChange({ kind: 'aside' })}
        >
          {t('hearing.aside')}
          <small>{t('hearing.asideHint')}</small>
        </Menu.Item>
        <Menu.Label>{t('hearing.whisper')}</Menu.Label>
        {listeners.map((listener) => {
          const chosen = hearing.kind === 'whisper' && hearing.to.includes(listener.id);
          return (
            <Menu.Item
              key={listener.id}
              role="menuitemcheckbox"
              aria-checked={chosen}
              leftSection={<Face participant={listener} size="small" />}
              rightSection={chosen && <IconCheck size={16} aria-hidden />}
              onClick={() => onChange(toggleListener(hearing, listener.id))}
            >
              {listener.name}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

function useHearingText(hearing: Hearing, listeners: readonly Participant[]): string {
  const { t } = useTranslation('room');
  switch (hearing.kind) {
    case 'open':
      return t('hearing.open');
    case 'aside':
      return t('hearing.aside');
    case 'whisper': {
      const names = listeners.flatMap(({ id, name }) => (hearing.to.includes(id) ? [name] : []));
      return names.length === 0 ? t('hearing.nobodyLeft') : t('hearing.whisperTo', { names: listNames(names) });
    }
    default:
      return hearing satisfies never;
  }
}
