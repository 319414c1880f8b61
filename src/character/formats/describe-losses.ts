import type { CardLoss, ExportFormat } from '../../../contract/cards.ts';
import { isRecord } from './card-file.ts';
import {
  assetEntries,
  containerOnly,
  fileOf,
  isInside,
  LEGACY_PREFIX,
  MAX_EMBEDDED_BYTES,
  portraitEntry,
  unlistedFiles,
  type CardSource,
  type SourceFile,
} from './card-source.ts';
import { bookWithoutDecorators } from './strip-decorators.ts';

/** What is known of a character before its files are read. */
export interface LossSource {
  card: CardSource['card'];
  picture: { mediaType: string; hash: string } | null;
  files: readonly SourceFile[];
}

/** What a kind of file cannot carry of a character. `converted`: somebody makes a PNG of another kind of picture. */
export function describeLosses(
  source: LossSource,
  format: ExportFormat,
  { converted }: { converted: boolean },
): CardLoss[] {
  const losses = [
    ...(format.startsWith('v2-') ? v2Losses(source) : embeddingLosses(source, format)),
    ...(format === 'charx' ? [] : containerLosses(source, format)),
    ...pictureLosses(source, { format, converted }),
  ];
  return losses.filter(({ count }) => count > 0);
}

function v2Losses({ card, files, picture }: LossSource): CardLoss[] {
  const { data } = card;
  const entries = assetEntries(card);
  const portrait = portraitEntry(entries);
  const gone = entries.filter((entry) => isRecord(entry) && isInside(entry['uri']) && !(picture && entry === portrait));
  const unread = (code: CardLoss['code'], count: number): CardLoss => ({ code, kind: 'unread', count });
  const assets = gone.length + unlistedFiles(card, files).length;
  return [
    { code: 'assets', kind: 'lost', count: assets },
    { code: 'decorators', kind: 'lost', count: bookWithoutDecorators(data['character_book']).stripped },
    unread('nickname', isFilled(data['nickname']) ? 1 : 0),
    unread('group-greetings', lengthOf(data['group_only_greetings'])),
    unread(
      'multilingual-notes',
      isRecord(data['creator_notes_multilingual']) ? Object.keys(data['creator_notes_multilingual']).length : 0,
    ),
    unread('source', lengthOf(data['source'])),
    unread('regex-keys', regexEntries(data['character_book'])),
  ];
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function regexEntries(book: unknown): number {
  if (!isRecord(book) || !Array.isArray(book['entries'])) return 0;
  return book['entries'].filter((entry) => isRecord(entry) && entry['use_regex'] === true).length;
}

function embeddingLosses(source: LossSource, format: ExportFormat): CardLoss[] {
  if (format === 'charx') return [];
  let room = MAX_EMBEDDED_BYTES;
  let count = 0;
  for (const file of listedFiles(source)) {
    if (file.size <= room) room -= file.size;
    else count += 1;
  }
  return [{ code: 'assets-too-large', kind: 'lost', count }];
}

/** The files of the card's list in its order, the portrait's left to the picture. */
export function listedFiles({ card, files, picture }: LossSource): SourceFile[] {
  const entries = assetEntries(card);
  const portrait = picture ? portraitEntry(entries) : undefined;
  const named = entries.flatMap((entry) => (entry === portrait ? [] : (fileOf(entry, files) ?? [])));
  return [...named, ...unlistedFiles(card, files)];
}

function containerLosses({ files }: LossSource, format: ExportFormat): CardLoss[] {
  const lost = containerOnly(files).filter((file) => !(format.endsWith('-png') && file.uri.startsWith(LEGACY_PREFIX)));
  return [{ code: 'container-files', kind: 'lost', count: lost.length }];
}

function pictureLosses(
  { picture }: LossSource,
  { format, converted }: { format: ExportFormat; converted: boolean },
): CardLoss[] {
  if (!picture) return [];
  if (format === 'v2-json') return [{ code: 'picture', kind: 'lost', count: 1 }];
  if (!format.endsWith('-png') || picture.mediaType === 'image/png') return [];
  return [{ code: converted ? 'picture-converted' : 'picture-replaced', kind: 'changed', count: 1 }];
}
