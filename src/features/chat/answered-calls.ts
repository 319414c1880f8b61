import type { MessagePart } from '../../../contract/messages.ts';
import { TOOL_OUTPUT_LIMIT, type ToolPart } from '../../../contract/tool-parts.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import { begunParts } from './plan-reply.ts';

/** What a program found out that was handed a call. */
export interface CallResult {
  callId: string;
  output: string;
}

/** Calls that the program which ordered the reply has and did not answer. */
export function waitingCalls(parts: readonly MessagePart[]): ToolPart[] {
  return parts.filter((part): part is ToolPart => part.type === 'tool' && part.state === 'passed');
}

/**
 * A reply's words and calls with what its calls gave, up to the last of them: from there it goes on. Throws
 * `InvalidInputError` where a result belongs to no call of it, or a call stays without one.
 */
export function answeredParts(
  node: Pick<MessageNode, 'parts'> | undefined,
  results: readonly CallResult[],
): MessagePart[] {
  const outputs = new Map(results.map(({ callId, output }) => [callId, output]));
  const parts = begunParts({ parts: node?.parts ?? [] }).map((part) => {
    const output = part.type === 'tool' ? outputs.get(part.callId) : undefined;
    if (part.type !== 'tool' || output === undefined) return part;
    outputs.delete(part.callId);
    return { ...part, state: 'done' as const, output: output.slice(0, TOOL_OUTPUT_LIMIT).toWellFormed() };
  });
  const [unknown] = outputs.keys();
  if (unknown !== undefined) {
    throw new InvalidInputError(
      `No call “${unknown.slice(0, 100)}” waits for its output here: send outputs right after the response that made the calls.`,
      { code: 'call-not-found', field: 'input' },
    );
  }
  requireAnswered(parts);
  const answered = new Set(results.map(({ callId }) => callId));
  const last = parts.findLastIndex((part) => part.type === 'tool' && answered.has(part.callId));
  return parts.slice(0, last + 1);
}

/** Throws `InvalidInputError` naming a call that waits. */
export function requireAnswered(parts: readonly MessagePart[]): void {
  const [waiting] = waitingCalls(parts);
  if (!waiting) return;
  throw new InvalidInputError(
    `The call “${waiting.callId}” of “${waiting.tool}” waits for its output: send it as an item of the type function_call_output.`,
    { code: 'call-unanswered', field: 'input' },
  );
}
