import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { titleBadge } from './device/title-badge.ts';

/** The window's title: the page's own words, then the app's name; in front, how many replies ended unseen. */
export function usePageTitle(title: string): void {
  const { t } = useTranslation();
  const app = t('app');
  const unseen = useSyncExternalStore(titleBadge.subscribe, titleBadge.get);
  useEffect(() => {
    document.title = unseen === 0 ? `${title} · ${app}` : `(${unseen}) ${title} · ${app}`;
    return () => {
      document.title = app;
    };
  }, [title, app, unseen]);
}
