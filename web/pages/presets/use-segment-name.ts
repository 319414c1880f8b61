import { useTranslation } from 'react-i18next';
import type { PresetSegment } from '../../../contract/prompts.ts';

/** A segment by its author's name for it, else by its place. */
export function useSegmentName(): (segment: Pick<PresetSegment, 'name' | 'slot'>) => string {
  const { t } = useTranslation('presets');
  return ({ name, slot }) => (name.trim() === '' ? t(`slots.${slot}`) : name);
}
