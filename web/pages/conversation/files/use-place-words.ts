import { useTranslation } from 'react-i18next';
import type { Citation } from '../../../../contract/attachments.ts';

/** Words for where in a file something stands; empty where the file does not say. */
export function usePlaceWords(): (place: Pick<Citation, 'placeKind' | 'place'>) => string {
  const { t } = useTranslation('files');
  return ({ placeKind, place }) => (place === '' ? '' : t(`place.${placeKind}`, { place }));
}
