import type { CardFields } from '../../../contract/character-fields.ts';
import type { CreateCharacter } from '../../../contract/characters.ts';
import type { DraftField, KnownFields } from '../../../contract/drafting.ts';

/** Every field of the form. `picture` is a newly chosen one, as a data address; null keeps the old one. */
export type EditorValues = CardFields & { picture: string | null };
export type TextKey = Exclude<
  {
    [Key in keyof EditorValues]: EditorValues[Key] extends string ? Key : never;
  }[keyof EditorValues],
  'kind'
>;

export const BLANK: EditorValues = {
  kind: 'character',
  name: '',
  nickname: '',
  tagline: '',
  pictureAlt: '',
  description: '',
  personality: '',
  scenario: '',
  greeting: '',
  alternateGreetings: [],
  groupGreetings: [],
  exampleDialogue: '',
  systemPrompt: '',
  postHistoryInstructions: '',
  depthPrompt: null,
  creator: '',
  creatorNotes: '',
  creatorNotesByLanguage: {},
  characterVersion: '',
  tags: [],
  talkativeness: null,
  picture: null,
};

const SHORT_FORM = [
  'name',
  'tagline',
  'description',
  'personality',
  'scenario',
  'greeting',
  'exampleDialogue',
  'picture',
] as const satisfies (keyof EditorValues)[];

/** What is sent: the short form, and of the rest what was changed, so that a card keeps what nobody touched. */
export function bodyOf(values: EditorValues, initial: EditorValues): CreateCharacter {
  const short = Object.fromEntries(SHORT_FORM.map((key) => [key, values[key]]));
  const changed = Object.entries(values).filter(
    ([key, value]) =>
      !isEqual(value, initial[key as keyof EditorValues]) && !(SHORT_FORM as readonly string[]).includes(key),
  );
  return { ...short, ...Object.fromEntries(changed) } as CreateCharacter;
}

export function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function knownOf(values: EditorValues): KnownFields {
  const { name, tagline, description, personality, scenario, greeting, alternateGreetings, exampleDialogue, tags } =
    values;
  return { name, tagline, description, personality, scenario, greeting, alternateGreetings, exampleDialogue, tags };
}

/** What a model wrote, put where it belongs. `slot` is the place of one more greeting. */
export function withDrafted(
  values: EditorValues,
  { field, text, slot }: { field: DraftField; text: string; slot: number },
): EditorValues {
  if (field === 'tags') return { ...values, tags: splitTags(text) };
  if (field !== 'alternateGreeting') return { ...values, [field]: text };
  const greetings = [...values.alternateGreetings];
  greetings[slot] = text;
  return { ...values, alternateGreetings: greetings };
}

export function splitTags(text: string): string[] {
  return [...new Set(text.split(/[,，、]/).map((tag) => tag.trim()))].filter((tag) => tag !== '');
}

/** The first greeting and the others, as one list; they are saved apart. */
export function greetingsOf({ greeting, alternateGreetings }: EditorValues): string[] {
  return [greeting, ...alternateGreetings];
}

export function withGreetings(values: EditorValues, greetings: readonly string[]): EditorValues {
  const [greeting = '', ...alternateGreetings] = greetings;
  return { ...values, greeting, alternateGreetings };
}
