import { useMantineColorScheme } from '@mantine/core';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyAppearance } from '../../state/appearance.ts';
import { OutboxProvider } from '../../state/device/outbox-provider.tsx';
import { ReplyWatchProvider } from '../../state/device/reply-watch.tsx';
import { useKeepRecent } from '../../state/device/use-kept-reading.ts';
import { useQuiet } from '../../state/quiet.ts';
import { usePaletteOpened } from '../../state/palette.ts';
import { useIsNarrow } from '../../state/use-is-narrow.ts';
import { useMe } from '../../state/use-me.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { CardDrop } from '../characters/import/card-drop.tsx';
import { ConversationRail } from '../conversations/conversation-rail.tsx';
import classes from './app-frame.module.css';
import { BottomBar } from './bottom-bar.tsx';
import { GuestRail } from './guest-rooms.tsx';
import { useGlobalShortcuts } from './use-global-shortcuts.ts';

const Palette = lazy(async () => ({ default: (await import('../search/palette.tsx')).Palette }));

const RAIL_KEY = 'everwith.rail';

/** The frame of every page inside: the rail on wide screens, the bar below on narrow ones. */
export function AppFrame() {
  const { t } = useTranslation();
  const me = useMe();
  const narrow = useIsNarrow();
  const [railShown, setRailShown] = useState(() => localStorage.getItem(RAIL_KEY) !== 'hidden');
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const { setColorScheme } = useMantineColorScheme();

  useEffect(() => {
    applyAppearance(me.preferences);
    setColorScheme(me.preferences.appearance === 'system' ? 'auto' : me.preferences.appearance);
  }, [me.preferences, setColorScheme]);
  useKeepRecent(me);
  useGlobalShortcuts({
    enabled: me.preferences.shortcuts && me.role !== 'guest',
    hotkeys: me.preferences.hotkeys,
    onToggleRail: () => {
      localStorage.setItem(RAIL_KEY, railShown ? 'hidden' : 'shown');
      setRailShown(!railShown);
    },
  });

  const paletteOpened = usePaletteOpened();
  const isGuest = me.role === 'guest';
  const quiet = useQuiet();
  // Only a conversation is read or focused on.
  const undisturbed = quiet !== 'off' && pathname.startsWith('/c/');
  const showRail = !narrow && railShown && !undisturbed;
  const showBar = !isGuest && narrow && !pathname.startsWith('/c/');
  return (
    <div className={classes['frame']} data-rail={showRail}>
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      {showRail && (isGuest ? <GuestRail /> : <ConversationRail />)}
      <main id="content" className={classes['content']} tabIndex={-1}>
        <OutboxProvider userId={me.id}>
          <ReplyWatchProvider>
            <Suspense fallback={<LoadingPage />}>
              <Outlet />
            </Suspense>
          </ReplyWatchProvider>
        </OutboxProvider>
      </main>
      {showBar && <BottomBar />}
      {!isGuest && (
        <>
          <CardDrop />
          <Suspense>{paletteOpened && <Palette />}</Suspense>
        </>
      )}
    </div>
  );
}
