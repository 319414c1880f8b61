import { z } from 'zod';
import { idSchema, optionalTextSchema, timeSchema } from './common.ts';

/** One file: a long book with pictures stays below. */
export const ATTACHMENT_BYTES = 50 * 1024 * 1024;
export const ATTACHMENTS_PER_MESSAGE = 20;
/** Pixels of the longer side of a picture that is sent to a model: what the models of today look at. */
export const PICTURE_SIDE = 1568;
/** What a picture shows, in UTF-16 units. */
export const ALT_LENGTH = 1000;

/** `text` is everything that is words as it stands: plain text, markdown, tables, data, code. */
export const attachmentKindSchema = z.enum(['text', 'pdf', 'epub', 'docx', 'image']);
export type AttachmentKind = z.infer<typeof attachmentKindSchema>;

/** A file that somebody gave to a conversation. */
export const attachmentSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    name: z.string(),
    kind: attachmentKindSchema,
    mediaType: z.string(),
    /** Bytes. */
    size: z.int().nonnegative(),
    /** Where the bytes are. */
    url: z.string(),
    /** Pixels; null where it is no picture. */
    width: z.int().positive().nullable(),
    height: z.int().positive().nullable(),
    /** What a picture shows, as whoever sent it says. */
    alt: z.string(),
    /** Pages, chapters or headings; 1 where it has none. */
    sections: z.int().nonnegative(),
    passages: z.int().nonnegative(),
    /** UTF-16 units of its text. */
    characters: z.int().nonnegative(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof attachmentSchema>;

/** What `place` of a passage is: a page's number, a chapter's or heading's title, or lines of a text. */
export const placeKindSchema = z.enum(['page', 'chapter', 'heading', 'lines']);
export type PlaceKind = z.infer<typeof placeKindSchema>;

/** A piece of a file's text; joined in their order, the passages of a file are its text. */
export const passageSchema = z.object({
  position: z.int().nonnegative(),
  placeKind: placeKindSchema,
  place: z.string(),
  text: z.string(),
});
export type Passage = z.infer<typeof passageSchema>;

/** Passages around one; `more` tells where there are others. */
export const attachmentTextSchema = z
  .object({
    attachment: attachmentSchema,
    passages: z.array(passageSchema),
    more: z.object({ before: z.boolean(), after: z.boolean() }),
  })
  .meta({ id: 'AttachmentText' });
export type AttachmentText = z.infer<typeof attachmentTextSchema>;

/** Passages of one answer. */
export const PASSAGES_AT_ONCE = 60;

export const describeAttachmentSchema = z
  .strictObject({ alt: optionalTextSchema(ALT_LENGTH) })
  .meta({ id: 'DescribeAttachment' });

/** What the model that would answer next can do with what is sent. */
export const conversationAbilitiesSchema = z
  .object({
    /** Null while there is no model. */
    model: z.string().nullable(),
    seesPictures: z.boolean(),
  })
  .meta({ id: 'ConversationAbilities' });
export type ConversationAbilities = z.infer<typeof conversationAbilitiesSchema>;

/**
 * A passage that a reply was given and rests on: `number` is what stands in its text as `[n]`, except where the house
 * found it by the reply's words because the model named none.
 */
export const citationSchema = z.object({
  foundBy: z.literal('house').optional(),
  number: z.int().positive(),
  attachmentId: idSchema,
  name: z.string(),
  position: z.int().nonnegative(),
  placeKind: placeKindSchema,
  place: z.string(),
});
export type Citation = z.infer<typeof citationSchema>;

/** Passages that a reply was given; tokens. `left` did not fit. */
export const filesReceiptSchema = z.object({
  used: z.array(citationSchema.extend({ tokens: z.int().nonnegative() })),
  left: z.int().nonnegative(),
  /** Pictures that the model was shown, by name. */
  pictures: z.array(z.string()),
  /** Pictures that it was only told of: it cannot see, or there were too many. */
  picturesTold: z.int().nonnegative(),
});
export type FilesReceipt = z.infer<typeof filesReceiptSchema>;
