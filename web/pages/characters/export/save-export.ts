import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import { fillPath } from '../../../../client/create-client.ts';
import type { ExportChoices, ExportFormat } from '../../../../contract/cards.ts';
import { api } from '../../../state/api.ts';

/** Fetches the file, with the picture as a PNG where the card is one and the picture is not, and hands it to the browser. */
export async function saveExport({
  id,
  format,
  choices,
}: {
  id: string;
  format: ExportFormat;
  choices: ExportChoices;
}): Promise<void> {
  const converts = format.endsWith('-png') && choices.picture === 'other' && choices.pictureUrl !== null;
  const picture = converts && choices.pictureUrl !== null ? await pictureAsPng(choices.pictureUrl) : null;
  const path = fillPath(API_ADDRESSES.exportCharacter, { id }, { format });
  const response = await api.open(path, {
    signal: new AbortController().signal,
    accept: '*/*',
    ...(picture && { body: picture }),
  });
  await handOver(response);
}

/** Many characters as one zip of V3 cards; pictures that are no PNG travel inside their cards. */
export async function saveExports(ids: readonly string[]): Promise<void> {
  const response = await api.open(API_ADDRESSES.exportCharacters, {
    signal: new AbortController().signal,
    accept: '*/*',
    body: { ids, format: 'v3-png' },
  });
  await handOver(response);
}

async function handOver(response: Response): Promise<void> {
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = fileNameOf(response) ?? 'character';
  link.click();
  // The browser reads the address after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function fileNameOf(response: Response): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return encoded === undefined ? null : decodeURIComponent(encoded);
}

/** The longest side of a converted picture, in pixels: a drawing without a size of its own gets this much. */
const LONGEST = 1600;

/** Null where the browser cannot draw it; the server then puts a plain picture around the card. */
async function pictureAsPng(url: string): Promise<Blob | null> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return null;
  }
  const width = image.naturalWidth || 800;
  const height = image.naturalHeight || 1200;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { promise, resolve } = Promise.withResolvers<Blob | null>();
  canvas.toBlob(resolve, 'image/png');
  return promise;
}
