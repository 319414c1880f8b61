import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HotkeyAction, Hotkeys } from '../../../contract/hotkeys.ts';
import { HOTKEY_ACTIONS, HOUSE_HOTKEYS, isMac, keyCaps } from '../../state/hotkeys.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe, useUpdateMe } from '../../state/use-me.ts';
import { Panel } from '../../ui/panel.tsx';
import { HotkeyRow } from './hotkey-row.tsx';
import { KeyCaps } from './key-caps.tsx';
import classes from './keyboard-section.module.css';

/** Keys of places where no other could stand. */
const FIXED = [
  ['send', 'Enter'],
  ['newline', 'Shift+Enter'],
  ['saveEdit', 'Mod+S'],
  ['saveEditReply', 'Mod+Enter'],
  ['cancelEdit', 'Escape'],
] as const;

/** The map of the keys: all can be switched off, and most be changed. */
export function KeyboardSection() {
  const { t } = useTranslation('settings');
  const { preferences } = useMe();
  const guard = useGuard();
  const updateMe = useUpdateMe();
  const [changing, setChanging] = useState<HotkeyAction | null>(null);
  const { hotkeys, shortcuts } = preferences;
  const save = (next: Hotkeys) => void guard(updateMe({ preferences: { hotkeys: next } }));

  function choose(action: HotkeyAction, combo: string): void {
    const { [action]: _before, ...others } = hotkeys;
    save(combo === HOUSE_HOTKEYS[action] ? others : { ...others, [action]: combo });
    setChanging(null);
  }

  return (
    <Panel lead={t('keyboard.lead')}>
      <Switch
        label={t('keyboard.enabled')}
        checked={shortcuts}
        onChange={(event) => void guard(updateMe({ preferences: { shortcuts: event.currentTarget.checked } }))}
      />
      <dl className={classes['keys']} data-off={!shortcuts}>
        {HOTKEY_ACTIONS.map((action) => (
          <HotkeyRow
            key={action}
            action={action}
            hotkeys={hotkeys}
            changing={changing === action}
            onBegin={() => setChanging(action)}
            onChoose={(combo) => choose(action, combo)}
            onCancel={() => setChanging(null)}
          />
        ))}
        {FIXED.map(([name, combo]) => (
          <div key={name}>
            <dt>{t(`keyboard.keys.${name}`)}</dt>
            <dd>
              <KeyCaps caps={keyCaps(combo, isMac())} />
            </dd>
          </div>
        ))}
      </dl>
      {Object.keys(hotkeys).length > 0 && (
        <Button variant="default" onClick={() => save({})}>
          {t('keyboard.reset')}
        </Button>
      )}
    </Panel>
  );
}
