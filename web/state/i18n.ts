import i18next from 'i18next';
import type { i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Locale } from '../../contract/common.ts';
import type { Texts } from '../locales/en/index.ts';

const STORAGE_KEY = 'everwith.locale';

const loaders: Record<Locale, () => Promise<{ texts: Texts }>> = {
  en: () => import('../locales/en/index.ts'),
  'zh-CN': () => import('../locales/zh-CN/index.ts'),
};

export const LOCALES = ['en', 'zh-CN'] as const satisfies readonly Locale[];

/** The first of the browser's languages that the app speaks. */
export function pickLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    if (language.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (language.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}

export async function startTexts(): Promise<void> {
  const stored = localStorage.getItem(STORAGE_KEY);
  const locale = stored === 'en' || stored === 'zh-CN' ? stored : pickLocale(navigator.languages);
  i18next.on('languageChanged', (language) => (document.documentElement.lang = language));
  await i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: false,
    defaultNS: 'common',
    resources: { [locale]: (await loaders[locale]()).texts },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

export function currentLocale(texts: i18n = i18next): Locale {
  return texts.language === 'zh-CN' ? 'zh-CN' : 'en';
}

/** Loads a language's texts, then switches to it; remembered for this browser. */
export async function changeLocale(locale: Locale): Promise<void> {
  if (!i18next.hasResourceBundle(locale, 'common')) {
    const { texts } = await loaders[locale]();
    for (const [namespace, values] of Object.entries(texts)) i18next.addResourceBundle(locale, namespace, values);
  }
  localStorage.setItem(STORAGE_KEY, locale);
  await i18next.changeLanguage(locale);
}
