import { z } from 'zod';

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

export interface OpenAiFile {
  id: string;
  object: 'file';
  bytes: number;
  created_at: number;
  expires_at?: number;
  filename: string;
  purpose: string;
  status: 'processed';
}

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

export type BatchStatus =
  | 'validating'
  | 'failed'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'expired'
  | 'cancelling'
  | 'cancelled';

export interface BatchProblem {
  code: string;
  message: string;
  param: string | null;
  line: number | null;
}

export interface OpenAiBatch {
  id: string;
  object: 'batch';
  endpoint: string;
  errors?: { object: 'list'; data: BatchProblem[] };
  input_file_id: string;
  completion_window: string;
  status: BatchStatus;
  output_file_id?: string;
  error_file_id?: string;
  created_at: number;
  in_progress_at?: number;
  expires_at: number;
  finalizing_at?: number;
  completed_at?: number;
  failed_at?: number;
  expired_at?: number;
  cancelling_at?: number;
  cancelled_at?: number;
  request_counts: { total: number; completed: number; failed: number };
  usage: {
    input_tokens: number;
    input_tokens_details: { cached_tokens: number };
    output_tokens: number;
    output_tokens_details: { reasoning_tokens: number };
    total_tokens: number;
  };
  metadata: Record<string, string> | null;
}

export interface ListPage<T> {
  object: 'list';
  data: T[];
  /** Empty where the page is. */
  first_id: string;
  last_id: string;
  has_more: boolean;
}
