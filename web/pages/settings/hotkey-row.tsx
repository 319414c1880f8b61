import { Button } from '@mantine/core';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { HotkeyAction, Hotkeys } from '../../../contract/hotkeys.ts';
import { comboOf, hotkeyProblem, hotkeysInForce, isMac, keyCaps } from '../../state/hotkeys.ts';
import { KeyCaps } from './key-caps.tsx';
import classes from './keyboard-section.module.css';

export interface HotkeyRowProps {
  action: HotkeyAction;
  hotkeys: Hotkeys;
  /** It waits for a key. */
  changing: boolean;
  onBegin: () => void;
  /** Empty = no key. */
  onChoose: (combo: string) => void;
  onCancel: () => void;
}

/** What a key does, which it is, and the way to another. */
export function HotkeyRow({ action, hotkeys, changing, onBegin, onChoose, onCancel }: HotkeyRowProps) {
  const { t } = useTranslation('settings');
  const label = t(`keyboard.keys.${action}`);
  const caps = keyCaps(hotkeysInForce(hotkeys)[action], isMac());
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {changing ? (
          <KeyCatcher {...{ action, hotkeys, label, onChoose, onCancel }} />
        ) : (
          <>
            {caps.length === 0 ? <i>{t('keyboard.none')}</i> : <KeyCaps caps={caps} />}
            <Button
              variant="subtle"
              size="compact-md"
              aria-label={t('keyboard.changeOf', { action: label })}
              onClick={onBegin}
            >
              {t('keyboard.change')}
            </Button>
          </>
        )}
      </dd>
    </div>
  );
}

interface KeyCatcherProps extends Pick<HotkeyRowProps, 'action' | 'hotkeys' | 'onChoose' | 'onCancel'> {
  label: string;
}

/** Takes the next key. Tab walks on, so that nobody is caught here. */
function KeyCatcher({ action, hotkeys, label, onChoose, onCancel }: KeyCatcherProps) {
  const { t } = useTranslation(['settings', 'common']);
  const [problem, setProblem] = useState<string | null>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const combo = comboOf({ ...pressOf(event), isComposing: event.nativeEvent.isComposing });
    if (combo === null || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    const trouble = hotkeyProblem(combo, { action, chosen: hotkeys });
    if (trouble === null) onChoose(combo);
    else if (trouble.kind === 'taken') {
      setProblem(t('settings:keyboard.taken', { action: t(`settings:keyboard.keys.${trouble.by}`) }));
    } else setProblem(t(`settings:keyboard.refused.${trouble.kind}`));
  }

  return (
    <div className={classes['catcher']}>
      <input
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked to press a key
        autoFocus
        readOnly
        className={classes['catch']}
        value={t('settings:keyboard.press')}
        aria-label={t('settings:keyboard.pressFor', { action: label })}
        onKeyDown={onKeyDown}
      />
      <Button variant="subtle" size="compact-md" onClick={() => onChoose('')}>
        {t('settings:keyboard.noKey')}
      </Button>
      <Button variant="subtle" size="compact-md" onClick={onCancel}>
        {t('common:cancel')}
      </Button>
      {problem !== null && (
        <p role="alert" className={classes['problem']}>
          {problem}
        </p>
      )}
    </div>
  );
}

function pressOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent) {
  return { key, code, ctrlKey, metaKey, altKey, shiftKey };
}
