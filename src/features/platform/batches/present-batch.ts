import type { BatchProblem, BatchStatus, OpenAiBatch } from '../../../../contract/openai/files.ts';
import { inSeconds } from '../files/api-files.ts';
import type { BatchRow } from './batch-store.ts';

/** As OpenAI shows it; JSON in the row was written here. */
export function presentBatch(row: BatchRow): OpenAiBatch {
  const { inputTokens, cachedTokens, outputTokens, reasoningTokens } = row;
  return {
    id: row.id,
    object: 'batch',
    endpoint: row.endpoint,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.errors === null ? {} : { errors: { object: 'list', data: JSON.parse(row.errors) as BatchProblem[] } }),
    input_file_id: row.inputFileId,
    completion_window: row.completionWindow,
    status: row.status as BatchStatus,
    ...(row.outputFileId === null ? {} : { output_file_id: row.outputFileId }),
    ...(row.errorFileId === null ? {} : { error_file_id: row.errorFileId }),
    created_at: inSeconds(row.createdAt),
    expires_at: inSeconds(row.expiresAt),
    ...at('in_progress_at', row.inProgressAt),
    ...at('finalizing_at', row.finalizingAt),
    ...at('completed_at', row.completedAt),
    ...at('failed_at', row.failedAt),
    ...at('expired_at', row.expiredAt),
    ...at('cancelling_at', row.cancellingAt),
    ...at('cancelled_at', row.cancelledAt),
    request_counts: { total: row.total, completed: row.completed, failed: row.failed },
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: cachedTokens },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: reasoningTokens },
      total_tokens: inputTokens + outputTokens,
    },
    metadata: row.metadata === null ? null : (JSON.parse(row.metadata) as Record<string, string>),
  };
}

function at<K extends string>(name: K, time: number | null): Partial<Record<K, number>> {
  return time === null ? {} : ({ [name]: inSeconds(time) } as Record<K, number>);
}
