import { useTranslation } from 'react-i18next';
import type { SearchPage } from '../../../contract/search.ts';

/** Says how much was found, as far as it was counted. */
export function useCountText(): (found: Pick<SearchPage, 'total' | 'totalIsMore'> | undefined) => string {
  const { t } = useTranslation('search');
  return (found) => {
    const count = found?.total ?? 0;
    return found?.totalIsMore === true ? t('countMore', { count }) : t('count', { count });
  };
}
