import { useQuery } from '@tanstack/react-query';
import type { HotkeyAction } from '../../contract/hotkeys.ts';
import { ariaKeys, hotkeysInForce, isMac, keyCaps } from './hotkeys.ts';
import { meQuery } from './queries.ts';

/** What a control says of its key: for its tooltip and for screen readers. Nothing while keys are off. */
export interface HotkeyLabel {
  /** `Regenerate (Ctrl+Enter)`. */
  title: (label: string) => string;
  aria: string | undefined;
}

export function useHotkeyLabel(action: HotkeyAction): HotkeyLabel {
  // It is there before any page is; a control alone need not ask for it.
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const combo = me?.preferences.shortcuts === true ? hotkeysInForce(me.preferences.hotkeys)[action] : '';
  if (combo === '') return { title: (label) => label, aria: undefined };
  const mac = isMac();
  const caps = keyCaps(combo, mac).join('+');
  return { title: (label) => `${label} (${caps})`, aria: ariaKeys(combo, mac) };
}
