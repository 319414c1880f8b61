import type { MessagePart } from '../../../../contract/messages.ts';
import { Prose } from '../prose.tsx';
import { ToolCall } from './tool-call.tsx';

/** Words and calls of a reply in the order they came. */
export function ReplyBody({
  parts,
  conversationId,
  streaming,
}: {
  parts: readonly MessagePart[];
  conversationId: string;
  streaming: boolean;
}) {
  const last = parts.length - 1;
  return parts.map((part, index) => {
    if (part.type === 'tool') return <ToolCall key={part.callId} part={part} conversationId={conversationId} />;
    // Parts are only added at the end: a place is a key.
    if (part.type === 'text') return <Prose key={index} text={part.text} streaming={streaming && index === last} />;
    return null;
  });
}
