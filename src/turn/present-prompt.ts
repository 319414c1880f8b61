import type { PromptRecord } from '../../contract/prompts.ts';
import type { AssembledPrompt } from './assemble-prompt.ts';
import { JOINT } from './prompt-chunks.ts';

/** A prompt that was only made, in the shape of one that was sent. */
export function presentPrompt({
  messageId,
  model,
  assembled,
}: {
  messageId: string;
  model: { ref: string; label: string };
  assembled: AssembledPrompt;
}): PromptRecord {
  const { order, presetName, messages, segments, tools, dropped, lore, digest } = assembled;
  return {
    messageId,
    model,
    order,
    presetName,
    messages: messages.map(({ role, pieces }) => ({
      role,
      pieces: pieces.map(({ segment, chunk }, index) => ({
        segment,
        text: index === 0 ? chunk.text : `${JOINT}${chunk.text}`,
      })),
    })),
    segments,
    ...(tools.length === 0 ? {} : { tools: JSON.stringify(tools) }),
    dropped,
    lore,
    digest,
    exact: true,
    tokens: {
      prompt: segments.reduce((sum, { tokens }) => sum + tokens, 0),
      evaluated: null,
      reused: null,
    },
  };
}
