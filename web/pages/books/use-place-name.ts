import { useTranslation } from 'react-i18next';

const PLACES = [
  'before-char',
  'after-char',
  'note-top',
  'note-bottom',
  'at-depth',
  'examples-top',
  'examples-bottom',
  'outlet',
  'reverse-depth',
  'before-desc',
  'after-desc',
  'personality',
  'scenario',
] as const;

/** Names a place of the prompt as the engine writes it: `after-char`, `at-depth:4`, `outlet:Name`. */
export function usePlaceName(): (place: string) => string {
  const { t } = useTranslation('books');
  return (place) => {
    const [slot = '', ...rest] = place.split(':');
    const known = PLACES.find((name) => name === slot);
    if (known === undefined) return place;
    const position = t(`entry.positions.${known}`);
    const detail = rest.join(':');
    if (detail === '') return position;
    return known === 'outlet'
      ? t('test.outletOf', { position, name: detail })
      : t('test.depthOf', { position, depth: detail });
  };
}
