import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Hotkeys } from '../../../contract/hotkeys.ts';
import { actionOf } from '../../state/hotkeys.ts';
import { listenForKeys } from '../../state/listen-for-keys.ts';
import { openPalette } from '../../state/palette.ts';

const ACTIONS = ['search', 'new', 'sidebar', 'settings', 'help'] as const;

interface GlobalShortcutOptions {
  enabled: boolean;
  /** Those that a person chose. */
  hotkeys: Hotkeys;
  onToggleRail: () => void;
}

/** The keys that are the same everywhere inside. */
export function useGlobalShortcuts({ enabled, hotkeys, onToggleRail }: GlobalShortcutOptions): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (!enabled) return undefined;
    const actions: Record<(typeof ACTIONS)[number], () => void> = {
      search: openPalette,
      new: () => void navigate({ to: '/characters' }),
      sidebar: onToggleRail,
      settings: () => void navigate({ to: '/settings' }),
      help: () => void navigate({ to: '/settings/$section', params: { section: 'keyboard' } }),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const action = actionOf(event, { chosen: hotkeys, among: ACTIONS });
      if (action === null) return;
      event.preventDefault();
      actions[action]();
    };
    return listenForKeys(onKeyDown);
  }, [enabled, hotkeys, navigate, onToggleRail]);
}
