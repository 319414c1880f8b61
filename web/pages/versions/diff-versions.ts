import { diffWords } from 'diff';
import type { CardFields } from '../../../contract/character-fields.ts';

type ComparedField = Exclude<
  keyof CardFields,
  'alternateGreetings' | 'groupGreetings' | 'creatorNotesByLanguage' | 'talkativeness'
>;

export interface ChangedField {
  field: ComparedField | 'greetingNumber' | 'groupGreetingNumber';
  /** Which of several; null where there is one. */
  number: string | null;
  older: string;
  newer: string;
}

export interface DiffPiece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** The texts that differ, in the order of the form. */
export function changedFields(older: CardFields, newer: CardFields): ChangedField[] {
  const before = textsOf(older);
  const after = textsOf(newer);
  const keys = [...after.keys(), ...[...before.keys()].filter((key) => !after.has(key))];
  return keys.flatMap((key) => {
    const one = before.get(key);
    const other = after.get(key);
    const known = other ?? one;
    if (known === undefined || (one?.text ?? '') === (other?.text ?? '')) return [];
    return [{ field: known.field, number: known.number, older: one?.text ?? '', newer: other?.text ?? '' }];
  });
}

interface NamedText {
  field: ChangedField['field'];
  number: string | null;
  text: string;
}

const PLAIN = [
  'name',
  'nickname',
  'tagline',
  'description',
  'personality',
  'scenario',
  'exampleDialogue',
  'systemPrompt',
  'postHistoryInstructions',
  'creator',
  'creatorNotes',
  'characterVersion',
  'pictureAlt',
] as const satisfies (keyof CardFields)[];

function textsOf(fields: CardFields): Map<string, NamedText> {
  const { depthPrompt } = fields;
  const list = (field: ChangedField['field'], texts: readonly string[]): NamedText[] =>
    texts.map((text, index) => ({ field, number: String(index + 1), text }));
  const texts: NamedText[] = [
    ...PLAIN.map((field) => ({ field, number: null, text: fields[field] })),
    ...list('greeting', [fields.greeting, ...fields.alternateGreetings]),
    ...list('groupGreetingNumber', fields.groupGreetings),
    { field: 'tags', number: null, text: fields.tags.join(', ') },
    {
      field: 'depthPrompt',
      number: null,
      text: depthPrompt === null ? '' : `${depthPrompt.text}\n${depthPrompt.depth} · ${depthPrompt.role}`,
    },
    ...Object.entries(fields.creatorNotesByLanguage).map(([language, text]) => ({
      field: 'creatorNotes' as const,
      number: `(${language})`,
      text,
    })),
  ];
  return new Map(texts.map((text) => [`${text.field} ${text.number ?? ''}`, text]));
}

/** Beyond so many letters together a comparison by words takes longer than a reader waits. */
const MOST_LETTERS = 200_000;

/** Two texts as one, word by word; Chinese words are found by the browser's own dictionary. */
export function diffText(older: string, newer: string, locale: string): DiffPiece[] {
  if (older.length + newer.length > MOST_LETTERS) return whole(older, newer);
  const intlSegmenter = new Intl.Segmenter(locale, { granularity: 'word' });
  return diffWords(older, newer, { intlSegmenter }).map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}

function whole(older: string, newer: string): DiffPiece[] {
  const pieces: DiffPiece[] = [
    { kind: 'removed', text: older },
    { kind: 'added', text: newer },
  ];
  return pieces.filter(({ text }) => text !== '');
}
