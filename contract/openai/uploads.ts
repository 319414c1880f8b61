import { z } from 'zod';
import { expiresAfterSchema, openAiFileSchema, uploadPurposeSchema } from './files.ts';

/* `/v1/uploads` as OpenAI describes it (openai/openai-openapi, `Upload`, `UploadPart`). Times in seconds. */

export const createUploadSchema = z.looseObject({
  filename: z.string().min(1).max(255),
  purpose: uploadPurposeSchema,
  bytes: z.int().positive(),
  mime_type: z.string().min(1).max(200),
  expires_after: expiresAfterSchema.optional(),
});
export type CreateUpload = z.infer<typeof createUploadSchema>;

export const uploadPartFieldsSchema = z.looseObject({});

/** As a form; its bytes are taken in by whoever reads it. */
export const uploadPartFormSchema = z.looseObject({ data: z.file() });

export const completeUploadSchema = z.looseObject({
  part_ids: z.array(z.string().max(200)).min(1).max(10_000),
  /** Of the whole file, in hexadecimal digits. */
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/iu)
    .nullish(),
});
export type CompleteUpload = z.infer<typeof completeUploadSchema>;

export const uploadSchema = z.object({
  id: z.string(),
  object: z.literal('upload'),
  bytes: z.int(),
  created_at: z.int(),
  expires_at: z.int(),
  filename: z.string(),
  purpose: z.string(),
  status: z.enum(['pending', 'completed', 'cancelled', 'expired']),
  /** What its parts were made into. */
  file: openAiFileSchema.nullish(),
});
export type Upload = z.infer<typeof uploadSchema>;

export const uploadPartSchema = z.object({
  id: z.string(),
  object: z.literal('upload.part'),
  created_at: z.int(),
  upload_id: z.string(),
});
export type UploadPart = z.infer<typeof uploadPartSchema>;
