import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import { fillPath } from '../../../../client/create-client.ts';
import { cardImportSchema, type CardImport } from '../../../../contract/cards.ts';
import { api } from '../../../state/api.ts';
import { currentLocale } from '../../../state/i18n.ts';

export type CardOrigin = { kind: 'file'; file: File } | { kind: 'link'; url: string };

/** Sends a file, or the link to one, and waits for what became of it. */
export async function sendCard(
  origin: CardOrigin,
  { keepBoth, signal }: { keepBoth: boolean; signal: AbortSignal },
): Promise<CardImport> {
  const locale = currentLocale();
  if (origin.kind === 'link') {
    return api.call('importCharacterLink', { body: { url: origin.url, keepBoth }, query: { locale }, signal });
  }
  const { file } = origin;
  const query = { fileName: file.name.slice(0, 255) || 'card', locale, keepBoth: keepBoth ? '1' : undefined };
  const path = fillPath(API_ADDRESSES.importCharacterFile, {}, query);
  const response = await api.open(path, { signal, accept: 'application/json', body: file });
  return cardImportSchema.parse(await response.json());
}
