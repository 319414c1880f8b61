import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useGuard } from '../../state/use-guard.ts';
import { useMe, useUpdateMe } from '../../state/use-me.ts';
import { Panel } from '../../ui/panel.tsx';
import classes from './keyboard-section.module.css';

const KEYS = [
  ['send', ['Enter']],
  ['newline', ['Shift', 'Enter']],
  ['editLast', ['↑']],
  ['swipe', ['← →']],
  ['regenerate', ['Ctrl', 'Enter']],
  ['continue', ['Alt', 'Enter']],
  ['stop', ['Esc']],
  ['focus', ['Shift', 'Esc']],
  ['saveEdit', ['Ctrl', 'S']],
  ['saveEditReply', ['Ctrl', 'Enter']],
  ['cancelEdit', ['Esc']],
  ['search', ['Ctrl', 'K']],
  ['new', ['Ctrl', 'Shift', 'O']],
  ['sidebar', ['Ctrl', 'Shift', 'S']],
  ['settings', ['Ctrl', '.']],
  ['help', ['Ctrl', '/']],
] as const;

export function KeyboardSection() {
  const { t } = useTranslation('settings');
  const { preferences } = useMe();
  const guard = useGuard();
  const updateMe = useUpdateMe();
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <Panel lead={t('keyboard.lead')}>
      <Switch
        label={t('keyboard.enabled')}
        checked={preferences.shortcuts}
        onChange={(event) => void guard(updateMe({ preferences: { shortcuts: event.currentTarget.checked } }))}
      />
      <dl className={classes['keys']}>
        {KEYS.map(([name, keys]) => (
          <div key={name}>
            <dt>{t(`keyboard.keys.${name}`)}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{mac && key === 'Ctrl' ? '⌘' : key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
