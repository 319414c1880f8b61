import { z } from 'zod';
import { listPageSchema } from './list-page.ts';

/* `/v1/files` and `/v1/batches` as OpenAI describes them (openai/openai-openapi, `OpenAIFile`, `Batch`). */

export const expiresAfterSchema = z.looseObject({
  anchor: z.literal('created_at').default('created_at'),
  seconds: z.coerce.number().int().min(3600).max(2_592_000),
});

export const uploadPurposeSchema = z.enum(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']);

export const fileFieldsSchema = z.looseObject({
  purpose: uploadPurposeSchema,
  expires_after: expiresAfterSchema.optional(),
});
export type FileFields = z.infer<typeof fileFieldsSchema>;

export const listFilesQuerySchema = z.object({
  purpose: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().max(200).optional(),
});
export type ListFilesQuery = z.infer<typeof listFilesQuerySchema>;

/** As a form; its bytes are taken in by whoever reads it. */
export const fileFormSchema = fileFieldsSchema.extend({ file: z.file() });

export const openAiFileSchema = z.object({
  id: z.string(),
  object: z.literal('file'),
  bytes: z.int(),
  /** Seconds since the epoch, as all times here. */
  created_at: z.int(),
  expires_at: z.int().optional(),
  filename: z.string(),
  purpose: z.string(),
  status: z.literal('processed'),
  /** Why a file does nothing here. */
  status_details: z.string().optional(),
});
export type OpenAiFile = z.infer<typeof openAiFileSchema>;

export const openAiFileListSchema = listPageSchema(openAiFileSchema);
export const openAiFileDeletedSchema = z.object({
  id: z.string(),
  object: z.literal('file'),
  deleted: z.literal(true),
});

/** As `Metadata` of OpenAI's description. */
const metadataSchema = z
  .record(z.string().max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16, { message: 'There are at most 16 pairs.' });

export const createBatchSchema = z.looseObject({
  input_file_id: z.string().min(1).max(200),
  endpoint: z.string().max(200),
  completion_window: z.literal('24h'),
  metadata: metadataSchema.nullish(),
  output_expires_after: expiresAfterSchema.nullish(),
});
export type CreateBatch = z.infer<typeof createBatchSchema>;

export const listBatchesQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(200).optional(),
});

/** A line of a batch's input file. */
export const batchLineSchema = z.looseObject({
  custom_id: z.string().min(1).max(512),
  method: z.literal('POST'),
  url: z.string(),
  body: z.record(z.string(), z.unknown()),
});

const batchStatusSchema = z.enum([
  'validating',
  'failed',
  'in_progress',
  'finalizing',
  'completed',
  'expired',
  'cancelling',
  'cancelled',
]);
export type BatchStatus = z.infer<typeof batchStatusSchema>;

const batchProblemSchema = z.object({
  code: z.string(),
  message: z.string(),
  param: z.string().nullable(),
  line: z.int().nullable(),
});
export type BatchProblem = z.infer<typeof batchProblemSchema>;

export const openAiBatchSchema = z.object({
  id: z.string(),
  object: z.literal('batch'),
  endpoint: z.string(),
  /** Once its file is read, where all requests name the same. */
  model: z.string().optional(),
  errors: z.object({ object: z.literal('list'), data: z.array(batchProblemSchema) }).optional(),
  input_file_id: z.string(),
  completion_window: z.string(),
  status: batchStatusSchema,
  output_file_id: z.string().optional(),
  error_file_id: z.string().optional(),
  created_at: z.int(),
  in_progress_at: z.int().optional(),
  expires_at: z.int(),
  finalizing_at: z.int().optional(),
  completed_at: z.int().optional(),
  failed_at: z.int().optional(),
  expired_at: z.int().optional(),
  cancelling_at: z.int().optional(),
  cancelled_at: z.int().optional(),
  request_counts: z.object({ total: z.int(), completed: z.int(), failed: z.int() }),
  usage: z.object({
    input_tokens: z.int(),
    input_tokens_details: z.object({ cached_tokens: z.int() }),
    output_tokens: z.int(),
    output_tokens_details: z.object({ reasoning_tokens: z.int() }),
    total_tokens: z.int(),
  }),
  metadata: z.record(z.string(), z.string()).nullable(),
});
export type OpenAiBatch = z.infer<typeof openAiBatchSchema>;

export const openAiBatchListSchema = listPageSchema(openAiBatchSchema);
