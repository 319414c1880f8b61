import { useTranslation } from 'react-i18next';

/** The languages the app speaks too, in their own names; a model's others as a number. */
export function useLanguageNames(): (codes: readonly string[]) => string {
  const { t } = useTranslation('welcome');
  const names: Record<string, string> = { en: t('languages.en'), zh: t('languages.zh') };
  return (codes) => {
    const languages = codes.flatMap((code) => names[code] ?? []).join(' · ');
    const others = codes.filter((code) => names[code] === undefined).length;
    return others === 0 ? languages : t('moreLanguages', { languages, count: others });
  };
}
