import type { ChatFinishReason } from '../../../../contract/openai/chat-completions.ts';
import type { FinishPart } from '../generations.ts';

/** Why an answer ended, in OpenAI's words. */
export function finishReasonOf({ finishReason }: FinishPart, calls: boolean): ChatFinishReason {
  switch (finishReason.unified) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'tool-calls':
      return 'tool_calls';
    default:
      return calls ? 'tool_calls' : 'stop';
  }
}
