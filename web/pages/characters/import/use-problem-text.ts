import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../../client/api-error.ts';
import type { Texts } from '../../../locales/en/index.ts';
import { useErrorText } from '../../../state/use-error-text.ts';

type Problem = keyof Texts['cards']['problem'];

/** Why a card was not taken, in the reader's language. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation('cards');
  const errorText = useErrorText();
  const isKnown = (code: string): code is Problem => i18n.exists(`cards:problem.${code}`);
  return (error) => (error instanceof ApiError && isKnown(error.code) ? t(`problem.${error.code}`) : errorText(error));
}
