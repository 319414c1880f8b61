import { z } from 'zod';
import { cardSchema, type StoredCard } from '../card.ts';
import { cardProblem, isRecord, type CardWarnings } from './card-file.ts';
import { readAgnai, readPygmalion, readTextGeneration } from './older-cards.ts';

/** Nesting of a hostile card; real ones stay below 20. */
const MAX_DEPTH = 64;
const V1_TEXTS = ['description', 'personality', 'scenario', 'first_mes', 'mes_example'] as const;
const TEXTS = [...V1_TEXTS, 'creator_notes', 'system_prompt', 'post_history_instructions', 'creator'] as const;
const LISTS = ['alternate_greetings', 'group_only_greetings', 'tags'] as const;
const V2_KEYS: ReadonlySet<string> = new Set([
  ...TEXTS,
  ...LISTS,
  'nickname',
  'character_version',
  'extensions',
  'character_book',
  'assets',
  'avatar',
  'chat',
  'create_date',
]);
/** What SillyTavern calls these beside `data`. */
const BESIDE: Readonly<Record<string, string>> = { creator_notes: 'creatorcomment' };

export interface InterpretedCard {
  card: StoredCard;
  spec: string;
  version: string;
}

interface Draft {
  frame: Record<string, unknown>;
  data: Record<string, unknown>;
  spec: string;
  version: string;
}

/** Makes a stored card of a parsed JSON or YAML value, in whichever of the known shapes it is. */
export function interpretCard(
  value: unknown,
  { fileName, warnings }: { fileName: string; warnings: CardWarnings },
): InterpretedCard {
  sweep(value, { fileName, warnings });
  if (!isRecord(value)) throw unknownCard(fileName);
  if (isBook(value)) {
    throw cardProblem(
      'card-is-book',
      `“${fileName}” is a lorebook, not a character: bring it in on the page of books.`,
    );
  }
  const draft = draftOf(value, warnings);
  if (!draft) throw unknownCard(fileName);
  const card: StoredCard = {
    ...draft.frame,
    spec: 'chara_card_v3',
    spec_version: frameVersion(draft),
    data: draft.data,
  };
  const parsed = cardSchema.safeParse(card);
  if (!parsed.success) {
    const reason = z.prettifyError(parsed.error).slice(0, 500);
    throw cardProblem('card-damaged', `“${fileName}” is a damaged card: ${reason}`);
  }
  if (parsed.data.data.name.trim() === '') {
    throw cardProblem('card-nameless', `“${fileName}” holds a character without a name.`);
  }
  tellUnusable(draft.data, warnings);
  return { card, spec: draft.spec, version: draft.version };
}

function unknownCard(fileName: string): Error {
  return cardProblem('card-unknown', `“${fileName}” is readable, but not a character card.`);
}

function isBook(value: Record<string, unknown>): boolean {
  if (value['spec'] === 'lorebook_v3') return true;
  const looksLikeBook = isRecord(value['entries']) || Array.isArray(value['entries']);
  return looksLikeBook && value['data'] === undefined && value['char_name'] === undefined && !hasV1Text(value);
}

function hasV1Text(value: Record<string, unknown>): boolean {
  return V1_TEXTS.some((key) => Object.hasOwn(value, key));
}

/** Many kinds of files have a name; a card has texts beside it, or nothing that no card has. */
function looksLikeV1(value: Record<string, unknown>): boolean {
  return hasV1Text(value) || Object.keys(value).every((key) => key === 'name' || V2_KEYS.has(key));
}

function draftOf(value: Record<string, unknown>, warnings: CardWarnings): Draft | null {
  const { spec, spec_version: version, data, ...beside } = value;
  if (isRecord(data) && (typeof spec === 'string' || Object.hasOwn(data, 'name') || Object.hasOwn(value, 'name'))) {
    return framed({ spec, version, data, beside, warnings });
  }
  // A frame that forgot its `data`.
  if (typeof spec === 'string' && data === undefined && Object.hasOwn(beside, 'name')) {
    return framed({ spec, version, data: beside, beside: {}, warnings });
  }
  const older = readPygmalion(value) ?? readAgnai(value) ?? readTextGeneration(value);
  if (older) return { frame: {}, data: older.data, spec: older.spec, version: '' };
  if (!Object.hasOwn(value, 'name') || !looksLikeV1(value)) return null;
  return { frame: {}, data: withMoved({ ...value }, { beside: value, warnings }), spec: 'V1', version: '' };
}

function framed({
  spec,
  version,
  data,
  beside,
  warnings,
}: {
  spec: unknown;
  version: unknown;
  data: Record<string, unknown>;
  beside: Record<string, unknown>;
  warnings: CardWarnings;
}): Draft {
  const known = spec === 'chara_card_v3' ? 'V3' : 'V2';
  if (spec !== undefined && spec !== 'chara_card_v3' && spec !== 'chara_card_v2') {
    warnings.add('unknown-spec', typeof spec === 'string' ? spec : JSON.stringify(spec));
  }
  const said = typeof version === 'string' || typeof version === 'number' ? String(version) : '';
  if (Number.parseFloat(said) > (spec === 'chara_card_v2' ? 2 : 3)) warnings.add('newer-version', said);
  return { frame: beside, data: withMoved({ ...data }, { beside, warnings }), spec: known, version: said };
}

/** `data` wins; what it lacks is taken from beside it, where SillyTavern writes the V1 fields once more. */
function withMoved(
  data: Record<string, unknown>,
  { beside, warnings }: { beside: Record<string, unknown>; warnings: CardWarnings },
): Record<string, unknown> {
  for (const key of ['name', ...V1_TEXTS, 'creator_notes', 'tags']) {
    const other = beside[key] ?? beside[BESIDE[key] ?? key];
    if ((data[key] !== undefined && data[key] !== null) || other === undefined || other === null || other === '') {
      continue;
    }
    if (Array.isArray(other) && other.length === 0) continue;
    data[key] = other;
    warnings.add('field-moved', key);
  }
  return data;
}

/** The version of our frame: the card's own where it is a V3 card or newer. */
function frameVersion({ spec, version }: Draft): string {
  if (spec === 'V3' && version !== '') return version;
  return Number.parseFloat(version) > 3 ? version : '3.0';
}

function tellUnusable(data: Record<string, unknown>, warnings: CardWarnings): void {
  const isText = (value: unknown) => value === null || value === undefined || typeof value !== 'object';
  for (const key of TEXTS) if (!isText(data[key])) warnings.add('field-unusable', key);
  for (const key of LISTS) {
    const value = data[key];
    const fits = Array.isArray(value) ? value.every((item) => item !== null && isText(item)) : isText(value);
    if (!fits) warnings.add('field-unusable', key);
  }
  const { extensions } = data;
  if (extensions !== undefined && extensions !== null && !isRecord(extensions)) {
    warnings.add('field-unusable', 'extensions');
  }
}

/** Refuses what is nested too deeply, and takes out the one key that assignments of objects mistake for another thing. */
function sweep(value: unknown, { fileName, warnings }: { fileName: string; warnings: CardWarnings }): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) {
      throw cardProblem('card-too-deep', `“${fileName}” is nested too deeply to be a character card.`);
    }
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      if (Object.hasOwn(item, '__proto__')) {
        Reflect.deleteProperty(item, '__proto__');
        warnings.add('key-dropped', '__proto__');
      }
      for (const inner of Object.values(item)) if (typeof inner === 'object' && inner !== null) next.push(inner);
    }
    level = next;
  }
}
