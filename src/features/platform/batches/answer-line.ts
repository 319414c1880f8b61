import { z } from 'zod';
import type { Actor } from '../../../accounts/actor.ts';
import { AppError, InvalidInputError, UnauthenticatedError, isAbort } from '../../../base/errors.ts';
import { parseJson } from '../chat/parse-json.ts';
import type { BatchContext } from './batch-context.ts';
import { lineId, requestIdOf } from './batch-line-names.ts';
import type { BatchLineRow, BatchRow, LineTokens } from './batch-store.ts';

/** Tries of a line whose provider is away. */
const MOST_ATTEMPTS = 4;

export type LineOutcome = { state: 'retry' } | { state: 'done' | 'failed'; result: string; tokens: LineTokens };

const modelsSchema = z.array(z.string());
const count = z.number().optional().catch(undefined);
/** What chat completions, embeddings and responses say they used. */
const usageSchema = z
  .object({
    usage: z
      .object({
        prompt_tokens: count,
        completion_tokens: count,
        input_tokens: count,
        output_tokens: count,
        prompt_tokens_details: z.object({ cached_tokens: count }).optional().catch(undefined),
        input_tokens_details: z.object({ cached_tokens: count }).optional().catch(undefined),
        completion_tokens_details: z.object({ reasoning_tokens: count }).optional().catch(undefined),
        output_tokens_details: z.object({ reasoning_tokens: count }).optional().catch(undefined),
      })
      .optional(),
  })
  .catch({});

const NO_TOKENS: LineTokens = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 };

/** Sends a line where its batch goes. Throws only when the house closes. */
export async function answerLine(
  context: BatchContext,
  { batch, line, signal }: { batch: BatchRow; line: BatchLineRow; signal: AbortSignal },
): Promise<LineOutcome> {
  const head = { id: lineId(batch.id, line.line), custom_id: line.customId };
  const requestId = requestIdOf(line);
  try {
    const body = await ask(context, { batch, line, requestId, signal });
    const response = { status_code: 200, request_id: requestId, body };
    return { state: 'done', result: JSON.stringify({ ...head, response, error: null }), tokens: tokensOf(body) };
  } catch (error) {
    if (signal.aborted && isAbort(error)) throw error;
    if (error instanceof AppError && error.retryable && line.attempts + 1 < MOST_ATTEMPTS) return { state: 'retry' };
    const { status, body } = context.describeError(error);
    const response = { status_code: status, request_id: requestId, body };
    return { state: 'failed', result: JSON.stringify({ ...head, response, error: null }), tokens: NO_TOKENS };
  }
}

async function ask(
  { doors, untilQuiet, isKeyAlive }: BatchContext,
  { batch, line, requestId, signal }: { batch: BatchRow; line: BatchLineRow; requestId: string; signal: AbortSignal },
): Promise<object> {
  const door = doors.get(batch.endpoint);
  if (!door) throw new InvalidInputError(`There is nothing at ${batch.endpoint}.`, { field: 'endpoint' });
  const { ownerId, keyId } = batch;
  if (keyId !== null && !(await isKeyAlive({ userId: ownerId, keyId }))) {
    throw new UnauthenticatedError('The API key of this batch was revoked.');
  }
  const actor = actorOf(batch);
  const parsed = door.schema.safeParse(parseJson(line.body, 'body'));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? 'body';
    throw new InvalidInputError(`${field}: ${issue?.message ?? 'it does not fit'}`, { field });
  }
  const model = z.object({ model: z.string() }).catch({ model: '' }).parse(parsed.data).model;
  await untilQuiet(model, actor, signal);
  return door.answer({ actor, request: parsed.data, requestId, signal });
}

/** Who asked, as they were when they did. */
function actorOf({ ownerId, keyId, teamId, models }: BatchRow): Actor {
  const actor: Actor = {
    userId: ownerId,
    role: 'member',
    via: 'key',
    scopes: ['models'],
    sessionId: null,
    inBatch: true,
  };
  if (keyId === null) return actor;
  const allowed = models === null ? null : modelsSchema.parse(parseJson(models, 'models'));
  // A batch is not held to limits of a minute: it has a day.
  return { ...actor, key: { id: keyId, teamId, models: allowed, requestsPerMinute: null, tokensPerMinute: null } };
}

function tokensOf(body: object): LineTokens {
  const { usage = {} } = usageSchema.parse(body);
  return {
    inputTokens: usage.prompt_tokens ?? usage.input_tokens ?? 0,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? usage.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? usage.output_tokens ?? 0,
    reasoningTokens:
      usage.completion_tokens_details?.reasoning_tokens ?? usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}
