import { z } from 'zod';
import { LORE_ENTRY_LIMIT, lorebookBodySchema, loreEntrySchema, type LorebookBody, type LoreEntry } from './lore.ts';

/** The fields of an object without their defaults: what is absent stays as it is. */
function changesOf<Shape extends z.ZodRawShape>(shape: Shape): z.ZodType<Partial<z.output<z.ZodObject<Shape>>>> {
  const fields = Object.entries(shape).map(([name, field]) => [
    name,
    ((field instanceof z.ZodDefault ? field.unwrap() : field) as z.ZodType).optional(),
  ]);
  return z.strictObject(Object.fromEntries(fields) as z.ZodRawShape) as unknown as z.ZodType<
    Partial<z.output<z.ZodObject<Shape>>>
  >;
}

const { uid: uidSchema, ...entryShape } = loreEntrySchema.shape;
export const loreEntryFieldsSchema = changesOf(entryShape).meta({ id: 'LoreEntryFields' });
export type LoreEntryFields = Partial<Omit<LoreEntry, 'uid'>>;

const { name, description, mode, scanDepth, tokenBudget, recursiveScanning, foldAccents } = lorebookBodySchema.shape;
export const lorebookFieldsSchema = changesOf({
  name,
  description,
  mode,
  scanDepth,
  tokenBudget,
  recursiveScanning,
  foldAccents,
}).meta({ id: 'LorebookFields' });
export type LorebookFields = z.output<typeof lorebookFieldsSchema>;

const uids = z.array(uidSchema).min(1).max(LORE_ENTRY_LIMIT);
const place = z.int().nonnegative().max(LORE_ENTRY_LIMIT);

/** One step of editing a book, so that a page need not send the whole of it. */
export const lorebookChangeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('book-edit'), fields: lorebookFieldsSchema }),
  /** Each at its place in the list as it is then; ascending places put removed entries back where they were. */
  z.strictObject({
    type: z.literal('entry-insert'),
    entries: z
      .array(z.strictObject({ index: place, entry: loreEntrySchema }))
      .min(1)
      .max(LORE_ENTRY_LIMIT),
  }),
  z.strictObject({ type: z.literal('entry-edit'), uids, fields: loreEntryFieldsSchema }),
  z.strictObject({ type: z.literal('entry-remove'), uids }),
  z.strictObject({ type: z.literal('entry-move'), uid: uidSchema, index: place }),
  /** A number of its own for each. */
  z.strictObject({
    type: z.literal('entry-order'),
    orders: z
      .array(z.strictObject({ uid: uidSchema, order: z.number() }))
      .min(1)
      .max(LORE_ENTRY_LIMIT),
  }),
]);
export type LorebookChange = z.output<typeof lorebookChangeSchema>;

export type ChangeProblem = 'entry-missing' | 'entry-exists' | 'too-many-entries';

/** The book after a change, or why it cannot be made. The book given stays as it is. */
export function applyLorebookChange(body: LorebookBody, change: LorebookChange): LorebookBody | ChangeProblem {
  switch (change.type) {
    case 'book-edit':
      return { ...body, ...change.fields };
    case 'entry-insert':
      return insertEntries(body, change.entries);
    case 'entry-edit':
      return replaceEntries(body, new Map(change.uids.map((uid) => [uid, change.fields])));
    case 'entry-order':
      return replaceEntries(body, new Map(change.orders.map(({ uid, order }) => [uid, { order }])));
    case 'entry-remove':
      return removeEntries(body, new Set(change.uids));
    case 'entry-move':
      return moveEntry(body, change);
    default:
      return change satisfies never;
  }
}

function insertEntries(
  body: LorebookBody,
  added: readonly { index: number; entry: LoreEntry }[],
): LorebookBody | ChangeProblem {
  const known = new Set(body.entries.map(({ uid }) => uid));
  if (known.size + added.length > LORE_ENTRY_LIMIT) return 'too-many-entries';
  for (const { entry } of added) {
    if (known.has(entry.uid)) return 'entry-exists';
    known.add(entry.uid);
  }
  const entries: LoreEntry[] = [];
  let next = 0;
  for (const { index, entry } of added.toSorted((a, b) => a.index - b.index)) {
    while (entries.length < index && next < body.entries.length) entries.push(...body.entries.slice(next, ++next));
    entries.push(entry);
  }
  return { ...body, entries: [...entries, ...body.entries.slice(next)] };
}

function replaceEntries(
  body: LorebookBody,
  fields: ReadonlyMap<string, LoreEntryFields>,
): LorebookBody | ChangeProblem {
  let found = 0;
  const entries = body.entries.map((entry) => {
    const change = fields.get(entry.uid);
    if (!change) return entry;
    found += 1;
    return { ...entry, ...change };
  });
  return found === fields.size ? { ...body, entries } : 'entry-missing';
}

function removeEntries(body: LorebookBody, gone: ReadonlySet<string>): LorebookBody | ChangeProblem {
  const entries = body.entries.filter(({ uid }) => !gone.has(uid));
  return entries.length === body.entries.length - gone.size ? { ...body, entries } : 'entry-missing';
}

function moveEntry(body: LorebookBody, { uid, index }: { uid: string; index: number }): LorebookBody | ChangeProblem {
  const entry = body.entries.find((candidate) => candidate.uid === uid);
  if (!entry) return 'entry-missing';
  const entries = body.entries.filter((candidate) => candidate !== entry);
  entries.splice(index, 0, entry);
  return { ...body, entries };
}
