import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { actionOf } from '../../state/hotkeys.ts';
import { listenForKeys } from '../../state/listen-for-keys.ts';
import { useMe } from '../../state/use-me.ts';

const route = getRouteApi('/inside/frame/c/$conversationId');

export interface FindState {
  opened: boolean;
  /** Changes when the box begins anew. */
  key: number;
  words: string;
  setWords: (words: string) => void;
  /** Brings a message into view. */
  goTo: (messageId: string) => void;
  close: () => void;
}

/** The box that looks through a conversation: opened by the address, the menu, or Ctrl and ⌘ with F. */
export function useFindBar(): FindState {
  const { find } = route.useSearch();
  const navigate = route.useNavigate();
  const { shortcuts, hotkeys } = useMe().preferences;
  const [key, setKey] = useState(0);
  useEffect(() => {
    if (!shortcuts) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (actionOf(event, { chosen: hotkeys, among: ['find'] }) === null) return;
      event.preventDefault();
      setKey((count) => count + 1);
      void navigate({ search: (before) => ({ ...before, find: before.find ?? '' }), replace: true });
    };
    return listenForKeys(onKeyDown);
  }, [navigate, shortcuts, hotkeys]);
  return {
    opened: find !== undefined,
    key,
    words: find ?? '',
    setWords: (words) => void navigate({ search: (before) => ({ ...before, find: words }), replace: true }),
    goTo: (message) => void navigate({ search: (before) => ({ ...before, message }), replace: true }),
    close: () => void navigate({ search: {}, replace: true }),
  };
}
