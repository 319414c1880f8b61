import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isDialogOpen } from '../../state/is-dialog-open.ts';

export const SEARCH_INPUT_ID = 'conversation-search';

/** Ctrl or ⌘ with K, Shift+O, Shift+S, "." and "/": the same everywhere inside. */
export function useGlobalShortcuts({ enabled, onToggleRail }: { enabled: boolean; onToggleRail: () => void }): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (!enabled) return undefined;
    const actions: Record<string, () => void> = {
      k: () => void focusSearch(() => navigate({ to: '/' })),
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

async function focusSearch(goHome: () => Promise<void>): Promise<void> {
  const field = () => document.getElementById(SEARCH_INPUT_ID);
  if (field() === null) await goHome();
  const found = field();
  if (found === null) requestAnimationFrame(() => field()?.focus());
  else found.focus();
}
