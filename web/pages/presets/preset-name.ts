import type { TFunction } from 'i18next';

/** The house's presets are named in the reader's language. */
export function presetName(
  { id, name }: { id: string; name: string },
  t: TFunction<readonly ['presets', 'common']>,
): string {
  if (id === 'house-stable') return t('presets:builtIn.stable');
  return id === 'house-classic' ? t('presets:builtIn.classic') : name;
}
