import { useTranslation } from 'react-i18next';
import { errorText } from './error-text.ts';

/** A function that words an error in the reader's language. */
export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation(['errors']);
  return (error) => errorText(error, t, i18n.language);
}
