import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../../client/api-error.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import { TooLargeFileError } from './use-attachments.ts';

const KNOWN = [
  'damaged',
  'encrypted',
  'no-text',
  'scanned',
  'too-long',
  'too-large-unpacked',
  'binary',
  'too-slow',
  'kind',
  'empty',
  'too-large',
] as const;

/** Words for what is wrong with a file, and what helps. */
export function useFileProblem(): (error: unknown) => string {
  const { t } = useTranslation('files');
  const errorText = useErrorText();
  return (error) => {
    if (error instanceof TooLargeFileError) return t('problem.too-large');
    const code = error instanceof ApiError ? error.code : '';
    const known = KNOWN.find((name) => code === `attachment-${name}`);
    return known === undefined ? errorText(error) : t(`problem.${known}`);
  };
}
