import type {
  JSONSchema7,
  LanguageModelV4FunctionTool,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import { z } from 'zod';
import type { MessagePart } from '../../contract/messages.ts';
import { isEndedCall, type ToolPart } from '../../contract/tool-parts.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { Chunk } from './prompt-chunks.ts';
import type { OfferedTool } from './tool-turn.ts';

/** UTF-16 units of a result that later turns are told; the turn that asked for it had all that fitted. */
const MOST_TOLD = 1000;

const inputSchema = z.record(z.string(), z.unknown());

/** Tools as a model is offered them. */
export function toFunctionTools(offered: readonly OfferedTool[]): LanguageModelV4FunctionTool[] {
  return offered.map(({ name, description, title, inputSchema: schema, strict }) => ({
    type: 'function',
    name,
    description: description || title || name,
    inputSchema: JSON.parse(schema) as JSONSchema7,
    ...(strict === undefined ? {} : { strict }),
  }));
}

/** Calls of an earlier turn that came to an end. */
export function endedCalls(parts: readonly MessagePart[]): ToolPart[] {
  return parts.filter((part): part is ToolPart => part.type === 'tool' && isEndedCall(part));
}

/** What a reply said and did, as words: for counting, and for models that know no tools. */
export function wordsWithCalls(parts: readonly MessagePart[]): string {
  return parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'tool' ? [toldCall(part)] : []))
    .join('\n\n');
}

function toldCall({ tool, input, output, state }: ToolPart): string {
  return `(${tool} ${input.slice(0, MOST_TOLD)} ${state === 'done' ? '→' : `[${state}]`} ${output.slice(0, MOST_TOLD)})`;
}

/**
 * The chunks of a reply in which tools were called. A model that has tools gets its calls back as calls; another is told
 * of them beside the words, so that it does not take them for a way of speaking.
 */
export function chunksWithCalls(
  chunk: Chunk,
  {
    node,
    offered,
    say,
  }: {
    node: Pick<MessageNode, 'parts'>;
    offered: readonly OfferedTool[];
    /** Renders macros. */ say: (words: string) => string;
  },
): Chunk[] {
  if (endedCalls(node.parts).length === 0) return [chunk];
  const { messageId: _whole, prefix: _prefix, ...plain } = chunk;
  const chunks: Chunk[] = [];
  const results: Chunk[] = [];
  for (const part of node.parts) {
    if (part.type === 'text') {
      // Calls made at once stand together, and what they gave after them.
      chunks.push(...results.splice(0), { ...plain, text: say(part.text), tokens: 0 });
    } else if (part.type === 'tool' && isEndedCall(part)) {
      if (offered.length === 0) {
        chunks.push({ ...plain, role: 'system', kind: 'tool-result', text: toldCall(part), tokens: 0 });
      } else {
        const [call, result] = callChunks(part, offered);
        chunks.push(call);
        results.push(result);
      }
    }
  }
  chunks.push(...results);
  return chunks.map((one, index) => (index === 0 ? { ...one, tokens: chunk.tokens } : one));
}

function callChunks(part: ToolPart, offered: readonly OfferedTool[]): [Chunk, Chunk] {
  const known = offered.find(({ serverId, tool }) => serverId === part.serverId && tool === part.tool);
  const toolName = known?.name ?? part.tool.replace(/[^a-zA-Z0-9_-]+/g, '_').slice(0, 64);
  const input = parseInput(part.input) ?? {};
  return [
    callChunk({ type: 'tool-call', toolCallId: part.callId, toolName, input }, 0),
    resultChunk(
      { toolCallId: part.callId, toolName, text: part.output.slice(0, MOST_TOLD), failed: part.state !== 'done' },
      0,
    ),
  ];
}

export function callChunk(part: LanguageModelV4ToolCallPart, tokens: number): Chunk {
  return { ...blank, kind: 'tool-call', role: 'assistant', text: JSON.stringify(part), isPart: true, tokens };
}

export function resultChunk(
  { toolCallId, toolName, text, failed }: { toolCallId: string; toolName: string; text: string; failed: boolean },
  tokens: number,
): Chunk {
  const output = { type: failed ? ('error-text' as const) : ('text' as const), value: text };
  const part: LanguageModelV4ToolResultPart = { type: 'tool-result', toolCallId, toolName, output };
  return { ...blank, kind: 'tool-result', role: 'tool', text: JSON.stringify(part), isPart: true, tokens };
}

const blank = { owner: '', stable: false } as const;

/** The arguments of a call; undefined where they are no JSON object. */
export function parseInput(text: string): Record<string, unknown> | undefined {
  try {
    const parsed = inputSchema.safeParse(JSON.parse(text.trim() === '' ? '{}' : text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
