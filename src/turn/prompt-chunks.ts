import { createHash } from 'node:crypto';
import type {
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import type { Receipt } from '../../contract/messages.ts';
import type { SentRole } from '../../contract/prompts.ts';

/** Stands between two runs of text that became one message. */
export const JOINT = '\n\n';

/** A run of the prompt with who put it there. */
export interface Chunk {
  /** The segment it belongs to, for example `character`, `lore-depth`, `history`. */
  kind: string;
  /** A book and entry, a preset's segment, a persona; empty when the kind says all. */
  owner: string;
  role: SentRole;
  /** Words; JSON of a part of a message where `isPart` is set. */
  text: string;
  /** A call of a tool or what it gave, as the model specification has it. */
  isPart?: true;
  /** False when its bytes may differ in the next turn. */
  stable: boolean;
  tokens: number;
  /** The message whose words these are, exactly as they stand in the tree. */
  messageId?: string;
  /** What stands before them, as one text with them. */
  prefix?: string;
  /** Pictures that came with these words and are shown to the model, by attachment. */
  pictures?: readonly string[];
  /** Set on words of the conversation. */
  said?: true;
}

export interface SentPiece {
  chunk: Chunk;
  segment: number;
}

export interface SentMessage {
  role: SentRole;
  pieces: SentPiece[];
}

export interface SentPrompt {
  prompt: LanguageModelV4Prompt;
  messages: SentMessage[];
  segments: (Receipt['segments'][number] & { owner: string })[];
  /** Leading messages whose bytes do not change between turns. */
  stableMessages: number;
  /** Tools the model may call; empty for most. */
  tools: readonly LanguageModelV4FunctionTool[];
  /** sha256 of the prompt as sent, tools included, hex. */
  digest: string;
}

/**
 * Makes messages of chunks. System text at the beginning is one system message; later system text stays one where the
 * model takes that, else it becomes the human's side, where it stands. Two in a row from one side become one message:
 * strict templates and providers refuse them otherwise.
 */
export function toSentPrompt(
  chunks: readonly Chunk[],
  { systemInside, tools = [] }: { systemInside: boolean; tools?: readonly LanguageModelV4FunctionTool[] },
): SentPrompt {
  const segments: SentPrompt['segments'] = [];
  const messages: SentMessage[] = [];
  let begun = false;
  for (const chunk of chunks) {
    begun ||= chunk.role !== 'system';
    const role = chunk.role === 'system' && begun && !systemInside ? 'user' : chunk.role;
    const piece = { chunk, segment: segmentOf(segments, chunk) };
    const last = messages.at(-1);
    if (last?.role === role) last.pieces.push(piece);
    else messages.push({ role, pieces: [piece] });
  }
  const prompt = messages.map(({ role, pieces }) =>
    toModelMessage(
      role,
      pieces.map(({ chunk: { text, isPart } }) => ({ text, isPart: isPart === true })),
    ),
  );
  const changing = messages.findIndex(({ pieces }) => pieces.some(({ chunk }) => !chunk.stable));
  return {
    prompt,
    messages,
    segments,
    stableMessages: changing === -1 ? messages.length : changing,
    tools,
    digest: digestOf(prompt, tools.length === 0 ? '' : JSON.stringify(tools)),
  };
}

type Content = Exclude<LanguageModelV4Message, { role: 'system' }>['content'][number];

/** Runs of words that stand together become one; parts stay what they are, in their place. */
export function toModelMessage(
  role: SentRole,
  pieces: readonly { text: string; isPart: boolean }[],
): LanguageModelV4Message {
  if (role === 'system') return { role, content: pieces.map(({ text }) => text).join(JOINT) };
  const content: Content[] = [];
  for (const { text, isPart } of pieces) {
    const last = content.at(-1);
    if (isPart) content.push(JSON.parse(text) as LanguageModelV4ToolCallPart | LanguageModelV4ToolResultPart);
    else if (last?.type === 'text') last.text += `${JOINT}${text}`;
    else content.push({ type: 'text', text });
  }
  return { role, content } as LanguageModelV4Message;
}

export function digestOf(prompt: LanguageModelV4Prompt, tools: string): string {
  return createHash('sha256').update(JSON.stringify(prompt)).update(tools).digest('hex');
}

function segmentOf(segments: SentPrompt['segments'], chunk: Chunk): number {
  const found = segments.findIndex(
    ({ kind, owner, stable }) => kind === chunk.kind && owner === chunk.owner && stable === chunk.stable,
  );
  const segment = segments[found];
  if (segment) {
    segment.tokens += chunk.tokens;
    if (segment.messages !== undefined) segment.messages += 1;
    return found;
  }
  segments.push({
    kind: chunk.kind,
    owner: chunk.owner,
    tokens: chunk.tokens,
    stable: chunk.stable,
    ...(chunk.said ? { messages: 1 } : {}),
  });
  return segments.length - 1;
}
