import { z } from 'zod';
import { characterSchema } from './characters.ts';
import { idSchema } from './common.ts';

/** The largest card file, in bytes: CHARX cards with voices and pictures reach 200 MB. */
export const MAX_CARD_FILE_BYTES = 256 * 1024 * 1024;

export const cardWarningCodes = [
  /** The card calls itself something else than V2 or V3. */
  'unknown-spec',
  /** Of a version newer than the one this house knows. */
  'newer-version',
  /** A field holds what is no text; it is kept, but nothing can be shown of it. */
  'field-unusable',
  /** A field was missing in `data` and taken from beside it. */
  'field-moved',
  /** A key that programs take for something else was left out. */
  'key-dropped',
  /** A number has more digits than can be kept. */
  'number-rounded',
  /** The text is not valid UTF-8; the broken letters are marked. */
  'text-repaired',
  /** A part of the picture does not match its checksum. */
  'checksum',
  /** The file ends early, after the card. */
  'cut-off',
  /** The V3 card of the picture is broken; its V2 card was read. */
  'v3-broken',
  /** The picture itself cannot be shown. */
  'picture-damaged',
  /** An asset points into the file, but nothing is there. */
  'asset-missing',
  /** An asset lies elsewhere on the net; its address is kept. */
  'asset-linked',
  /** An asset whose kind of address is not known; its entry is kept. */
  'asset-unsupported',
  /** A file in the archive was left out: its path leads outside, it is encrypted or damaged. */
  'file-skipped',
  /** Two files of the archive have the same path; the first counts. */
  'file-doubled',
] as const;

/** What a reader of a card wants to tell about it; `detail` is a field, a path or a version. */
export const cardWarningSchema = z.object({ code: z.enum(cardWarningCodes), detail: z.string() });
export type CardWarning = z.infer<typeof cardWarningSchema>;
export type CardWarningCode = CardWarning['code'];

export const exportFormatSchema = z.enum(['v3-png', 'v2-png', 'charx', 'v3-json', 'v2-json']);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

/** Characters of one zip. */
export const EXPORT_MANY_LIMIT = 1000;
export const exportManySchema = z
  .strictObject({ ids: z.array(idSchema).min(1).max(EXPORT_MANY_LIMIT), format: exportFormatSchema })
  .meta({ id: 'ExportMany' });

export const cardLossCodes = [
  'nickname',
  'group-greetings',
  'multilingual-notes',
  'source',
  'regex-keys',
  'decorators',
  'assets',
  'assets-too-large',
  'container-files',
  'picture',
  'picture-converted',
  'picture-replaced',
] as const;

/**
 * What a kind of file cannot carry. `lost`: it is not in the file. `unread`: it is there, but programs that know only
 * that version do not use it. `changed`: it is there in another form.
 */
export const cardLossSchema = z.object({
  code: z.enum(cardLossCodes),
  kind: z.enum(['lost', 'unread', 'changed']),
  count: z.int().positive(),
});
export type CardLoss = z.infer<typeof cardLossSchema>;

/** What each kind of export would lose, before it is made. */
export const exportChoicesSchema = z
  .object({
    /** `png` can be the card as it is; `other` a browser may convert and post with the export. */
    picture: z.enum(['png', 'other', 'none']),
    pictureUrl: z.string().nullable(),
    formats: z.array(z.object({ format: exportFormatSchema, losses: z.array(cardLossSchema) })),
  })
  .meta({ id: 'ExportChoices' });
export type ExportChoices = z.infer<typeof exportChoicesSchema>;

/** What became of one file. */
export const cardImportSchema = z
  .object({
    /** `present`: the same character was here already, and nothing was added. */
    status: z.enum(['imported', 'present']),
    character: characterSchema,
    /** For people, for example `V2 PNG`. */
    format: z.string(),
    warnings: z.array(cardWarningSchema),
  })
  .meta({ id: 'CardImport' });
export type CardImport = z.infer<typeof cardImportSchema>;

export const importLinkSchema = z
  .strictObject({ url: z.string().min(1).max(4096), keepBoth: z.boolean().default(false) })
  .meta({ id: 'ImportLink' });
