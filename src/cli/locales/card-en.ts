import type { CardLoss, CardWarning } from '../../../contract/cards.ts';

const WARNINGS: Record<CardWarning['code'], string> = {
  'unknown-spec': 'calls itself something unknown and was read as V2',
  'newer-version': 'is of a newer version; what is not known is kept',
  'field-unusable': 'a field holds no text; it is kept as it is',
  'field-moved': 'a field was missing in its place and taken from beside it',
  'key-dropped': 'a key was left out',
  'number-rounded': 'a number has more digits than can be kept',
  'text-repaired': 'some letters are damaged',
  checksum: 'a part does not match its checksum',
  'cut-off': 'the file ends too early, after the card',
  'v3-broken': 'the V3 card is damaged; the V2 card beside it was read',
  'picture-damaged': 'the picture cannot be shown',
  'asset-missing': 'a file is missing',
  'asset-linked': 'a file lies elsewhere on the net; its address is kept',
  'asset-unsupported': 'an asset has an address of an unknown kind; it is kept',
  'file-skipped': 'a file was left out: damaged, encrypted or leading outside',
  'file-doubled': 'two files have the same path; the first was taken',
};

const LOSSES: Record<CardLoss['code'], string> = {
  nickname: 'the nickname',
  'group-greetings': 'greetings for groups',
  'multilingual-notes': 'notes in other languages',
  source: 'sources',
  'regex-keys': 'lore entries with patterns as keys',
  decorators: 'lore entries with decorators',
  assets: 'pictures and sounds',
  'assets-too-large': 'files too large to go inside',
  'container-files': 'files of other programs',
  picture: 'the portrait',
  'picture-converted': 'the portrait becomes a PNG',
  'picture-replaced': 'a plain picture stands in for the portrait, which is no PNG',
};

export const cardEn = {
  name: 'Name',
  format: 'Format',
  fields: 'Fields',
  greetings: 'Greetings',
  tags: 'Tags',
  book: 'Lorebook',
  entries: (count: number) => (count === 1 ? '1 entry' : `${count} entries`),
  extensions: 'Extensions',
  unknown: 'Unknown keys, kept',
  picture: 'Picture',
  asset: 'Asset',
  file: 'File',
  warning: ({ code, detail }: CardWarning) => `${WARNINGS[code]}${detail === '' ? '' : `: ${detail}`}`,
  loss: ({ code, kind, count }: CardLoss) => {
    if (kind === 'changed') return `Changed: ${LOSSES[code]}.`;
    const words = `${LOSSES[code]}${count > 1 ? ` (${count})` : ''}`;
    return kind === 'lost' ? `Left out: ${words}.` : `Kept, but not used by V2 programs: ${words}.`;
  },
  converted: (path: string, size: string) => `${path}: ${size}.`,
  problems: {
    'card-empty': 'the file is empty.',
    'card-not-json': 'there is no readable character in it.',
    'card-unknown': 'it can be read, but it is not a character card.',
    'card-is-book': 'it is a lorebook, not a character.',
    'card-nameless': 'the character in it has no name.',
    'card-damaged': 'the card is damaged.',
    'card-missing': 'there is no character in it.',
    'card-too-deep': 'it is nested too deeply to be a card.',
    'card-encrypted': 'it is encrypted. Save it without a password and try again.',
    'card-archive': 'the archive is damaged.',
    'card-too-large': 'it is too large, or unpacks to too much.',
  } as Record<string, string>,
};
