import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Participant } from '../../../../contract/rooms.ts';
import { IconChevronDown, IconLock, IconUsers } from '../../../ui/icons.ts';
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
    <Menu position="top-start" width={280}>
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
        <Menu.RadioItem
          value="open"
          closeMenuOnClick
          checked={hearing.kind === 'open'}
          onChange={() => onChange({ kind: 'open' })}
        >
          {t('hearing.open')}
        </Menu.RadioItem>
        <Menu.RadioItem
          value="aside"
          closeMenuOnClick
          checked={hearing.kind === 'aside'}
          onChange={() => onChange({ kind: 'aside' })}
        >
          {t('hearing.aside')}
          <small>{t('hearing.asideHint')}</small>
        </Menu.RadioItem>
        <Menu.Label>{t('hearing.whisper')}</Menu.Label>
        {listeners.map((listener) => (
          <Menu.CheckboxItem
            key={listener.id}
            checked={hearing.kind === 'whisper' && hearing.to.includes(listener.id)}
            rightSection={<Face participant={listener} size="small" />}
            onChange={() => onChange(toggleListener(hearing, listener.id))}
          >
            {listener.name}
          </Menu.CheckboxItem>
        ))}
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
