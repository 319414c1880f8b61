import type { StoredCard } from '../card.ts';
import { isRecord } from './card-file.ts';
import { assetEntries, isInside } from './card-source.ts';
import { bookWithoutDecorators } from './strip-decorators.ts';

type Keys = Record<string, unknown>;

/** What every V2 card must have, and its value where nothing is said. */
const REQUIRED: Readonly<Record<string, () => unknown>> = {
  name: () => '',
  description: () => '',
  personality: () => '',
  scenario: () => '',
  first_mes: () => '',
  mes_example: () => '',
  creator_notes: () => '',
  system_prompt: () => '',
  post_history_instructions: () => '',
  alternate_greetings: () => [],
  tags: () => [],
  creator: () => '',
  character_version: () => '',
  extensions: () => ({}),
};

/** For the reader of the copy, whoever that is; the specification wants it in the notes. */
const V2_NOTE =
  '[This is a V2 copy of a V3 character: the decorators of its lorebook and its embedded assets were left out. Use the V3 file where you can.]';

/** The card as V3: what is required and missing is filled, everything else is as it was stored. */
export function toV3(card: StoredCard, { assets, now }: { assets: unknown[] | undefined; now: number }): Keys {
  const data = withRequired(card.data);
  if (data['group_only_greetings'] === undefined || data['group_only_greetings'] === null) {
    data['group_only_greetings'] = [];
  }
  if (assets) data['assets'] = assets;
  // 0 says that the time is nobody's business.
  if (data['modification_date'] !== 0) data['modification_date'] = Math.floor(now / 1000);
  return { ...card, data };
}

/** The card as V2: decorators and embedded assets, which V2 programs would show or stumble over, are left out. */
export function toV2(card: StoredCard): Keys {
  const data = withRequired(card.data);
  const { book, stripped } = bookWithoutDecorators(data['character_book']);
  if (stripped > 0) data['character_book'] = book;
  const entries = assetEntries(card);
  const kept = entries.filter((entry) => !isRecord(entry) || !isInside(entry['uri']));
  if (kept.length < entries.length) {
    if (kept.length > 0) data['assets'] = kept;
    else delete data['assets'];
  }
  if (stripped > 0 || kept.length < entries.length) data['creator_notes'] = withNote(data['creator_notes']);
  return { ...card, spec: 'chara_card_v2', spec_version: '2.0', data };
}

function withRequired(data: Keys): Keys {
  const filled = { ...data };
  for (const [key, empty] of Object.entries(REQUIRED)) filled[key] ??= empty();
  return filled;
}

function withNote(notes: unknown): unknown {
  if (typeof notes !== 'string' || notes.includes(V2_NOTE)) return notes;
  return notes === '' ? V2_NOTE : `${V2_NOTE}\n\n${notes}`;
}
