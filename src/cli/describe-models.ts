import type { CatalogModel, ModelsOverview } from '../../contract/models.ts';
import type { Texts } from './locales/en.ts';
import { formatBytes, progressBar } from './terminal.ts';

/** One line on how a download stands, and a step that changes when it is worth a new line. */
export function describeFetch(
  model: Pick<
    CatalogModel,
    'label' | 'state' | 'receivedBytes' | 'sizeBytes' | 'bytesPerSecond' | 'etaInSeconds' | 'source'
  >,
  texts: Texts,
): { text: string; step: string } {
  const { label, state, sizeBytes, receivedBytes } = model;
  if (state === 'queued') return { text: texts.queued(label), step: 'queued' };
  if (state === 'verifying') return { text: texts.checking(label), step: 'checking' };
  const fraction = sizeBytes === 0 ? 0 : receivedBytes / sizeBytes;
  const percent = Math.floor(fraction * 100);
  const speed = model.bytesPerSecond === null ? '' : formatBytes(model.bytesPerSecond);
  const left = model.etaInSeconds === null ? '' : describeDuration(model.etaInSeconds, texts);
  const text = texts.fetching({
    label,
    percent,
    received: formatBytes(receivedBytes),
    total: formatBytes(sizeBytes),
    speed,
    left,
  });
  return { text: `${progressBar(fraction)} ${text}`, step: `fetching ${Math.floor(percent / 10)}` };
}

export function describeActive(active: NonNullable<ModelsOverview['active']>, texts: Texts): string {
  const place = texts.places[active.place] ?? active.place;
  const text = texts.modelReady(active.label, place);
  return active.fallback ? `${text} · ${texts.fallback}` : text;
}

function describeDuration(inSeconds: number, texts: Texts): string {
  return inSeconds < 90 ? texts.seconds(Math.ceil(inSeconds)) : texts.minutes(Math.round(inSeconds / 60));
}
