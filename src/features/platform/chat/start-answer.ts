import type { ChatCompletionRequest } from '../../../../contract/openai/chat-completions.ts';
import type { AnswerSource, Generation, GenerationRequest } from '../generations.ts';
import { answerCheck } from './to-response-format.ts';
import { withForm } from './with-form.ts';

/** One answer to what a request for a chat completion says, held to the form that it asks for. */
export async function startAnswer(
  source: AnswerSource,
  { request, ...more }: Omit<GenerationRequest, 'model' | 'oneToolCall'> & { request: ChatCompletionRequest },
): Promise<Generation> {
  const isRight = answerCheck(request.response_format);
  const oneToolCall = request.parallel_tool_calls === false;
  const talk = conversationOf(request);
  const generation = await source.start({ ...more, ...talk, model: request.model, oneToolCall });
  return { ...generation, parts: withForm(generation, isRight) };
}

/** The conversation that a request names. */
export function conversationOf({
  conversation,
}: Pick<ChatCompletionRequest, 'conversation'>): Pick<GenerationRequest, 'conversation'> {
  if (!conversation) return {};
  return { conversation: typeof conversation === 'string' ? conversation : conversation.id };
}
