import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { texts } from '../locales/en/index.ts';

// Once for all files of a worker, which share it: whoever switches the language switches back.
await i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: false,
  defaultNS: 'common',
  resources: { en: texts },
  interpolation: { escapeValue: false },
});
