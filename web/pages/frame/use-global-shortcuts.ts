import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { openPalette } from '../../state/palette.ts';
import { isDialogOpen } from '../../state/is-dialog-open.ts';

/** Ctrl or ⌘ with K, Shift+O, Shift+S, "." and "/": the same everywhere inside. */
export function useGlobalShortcuts({ enabled, onToggleRail }: { enabled: boolean; onToggleRail: () => void }): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (!enabled) return undefined;
    const actions: Record<string, () => void> = {
      k: openPalette,
      'shift+o': () => void navigate({ to: '/characters' }),
      'shift+s': onToggleRail,
      '.': () => void navigate({ to: '/settings' }),
      '/': () => void navigate({ to: '/settings/$section', params: { section: 'keyboard' } }),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || isDialogOpen()) return;
      const key = event.key.toLowerCase();
      const action = actions[event.shiftKey && key !== '/' ? `shift+${key}` : key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [enabled, navigate, onToggleRail]);
}
