import { useTranslation } from 'react-i18next';
import type { Usage } from '../../../../contract/metering.ts';
import { formatNumber } from '../../../state/format.ts';

/** What a call used, in the units that its kind is counted in. */
export function useUsageWords(usage: Usage): string {
  const { t } = useTranslation('developers');
  const { inputTokens, outputTokens, characters, audioInMs, images, videoInMs } = usage;
  const seconds = (timeInMs: number) => formatNumber(timeInMs / 1000, 1);
  const words = [
    characters > 0 && t('logs.used.characters', { count: characters, number: formatNumber(characters) }),
    audioInMs > 0 && t('logs.used.audio', { seconds: seconds(audioInMs) }),
    images > 0 && t('logs.used.images', { count: images, number: formatNumber(images) }),
    videoInMs > 0 && t('logs.used.video', { seconds: seconds(videoInMs) }),
  ].filter((one) => one !== false);
  const counts = inputTokens > 0 || outputTokens > 0 || words.length === 0;
  const tokens = t('logs.tokens', { input: formatNumber(inputTokens), output: formatNumber(outputTokens) });
  return [...(counts ? [tokens] : []), ...words].join(' · ');
}
