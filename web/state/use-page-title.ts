import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** The window's title: the page's own words, then the app's name. */
export function usePageTitle(title: string): void {
  const { t } = useTranslation();
  const app = t('app');
  useEffect(() => {
    document.title = `${title} · ${app}`;
    return () => {
      document.title = app;
    };
  }, [title, app]);
}
