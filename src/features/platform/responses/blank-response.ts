import type { ResponseObject } from '../../../../contract/openai/response-object.ts';
import type { ResponseRequest } from '../../../../contract/openai/responses.ts';

/** The response to a request before anything was said. `now`: epoch milliseconds. */
export function blankResponse(
  request: ResponseRequest,
  { id, now, conversationId }: { id: string; now: number; conversationId: string | null },
): ResponseObject {
  const { reasoning, text } = request;
  return {
    id,
    object: 'response',
    created_at: Math.floor(now / 1000),
    completed_at: null,
    status: request.background === true ? 'queued' : 'in_progress',
    background: request.background === true,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    model: request.model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    conversation: conversationId === null ? null : { id: conversationId },
    reasoning: {
      effort: reasoning?.effort ?? null,
      summary: reasoning?.summary ?? reasoning?.generate_summary ?? null,
      ...(reasoning?.mode === undefined ? {} : { mode: reasoning.mode }),
      ...(reasoning?.context === undefined ? {} : { context: reasoning.context }),
      ...(reasoning?.generate_summary === undefined ? {} : { generate_summary: reasoning.generate_summary }),
    },
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: formatOf(text?.format), verbosity: text?.verbosity ?? 'medium' },
    tool_choice: request.tool_choice ?? 'auto',
    tools: (request.tools ?? []).map(toolOf),
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    ...(request.user ? { user: request.user } : {}),
    safety_identifier: request.safety_identifier ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    prompt_cache_retention: request.prompt_cache_retention ?? null,
    ...(request.prompt_cache_options
      ? {
          prompt_cache_options: {
            ttl: request.prompt_cache_options.ttl ?? '30m',
            mode: request.prompt_cache_options.mode ?? 'implicit',
          },
        }
      : {}),
    metadata: request.metadata ?? {},
    service_tier: 'default',
  };
}

/** As it was asked for, with what is usual where nothing was said. */
function toolOf({
  parameters,
  strict,
  format,
  ...tool
}: NonNullable<ResponseRequest['tools']>[number]): ResponseObject['tools'][number] {
  if (tool.type === 'custom') return { ...tool, format: format ?? { type: 'text' } };
  return { ...tool, parameters: parameters ?? null, strict: strict ?? false };
}

function formatOf(format: NonNullable<ResponseRequest['text']>['format']): ResponseObject['text']['format'] {
  if (!format) return { type: 'text' };
  if (format.type !== 'json_schema') return { type: format.type };
  return { ...format, strict: format.strict ?? false };
}
