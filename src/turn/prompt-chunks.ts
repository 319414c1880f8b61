import { createHash } from 'node:crypto';
import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Receipt } from '../../contract/messages.ts';
import type { PromptRole } from '../../contract/prompts.ts';

/** Stands between two runs of text that became one message. */
export const JOINT = '\n\n';

/** A run of the prompt with who put it there. */
export interface Chunk {
  /** The segment it belongs to, for example `character`, `lore-depth`, `history`. */
  kind: string;
  /** A book and entry, a preset's segment, a persona; empty when the kind says all. */
  owner: string;
  role: PromptRole;
  text: string;
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
  role: PromptRole;
  pieces: SentPiece[];
}

export interface SentPrompt {
  prompt: LanguageModelV4Prompt;
  messages: SentMessage[];
  segments: (Receipt['segments'][number] & { owner: string })[];
  /** Leading messages whose bytes do not change between turns. */
  stableMessages: number;
  /** sha256 of the prompt as sent, hex. */
  digest: string;
}

/**
 * Makes messages of chunks. System text at the beginning is one system message; later system text stays one where the
 * model takes that, else it becomes the human's side, where it stands. Two in a row from one side become one message:
 * strict templates and providers refuse them otherwise.
 */
export function toSentPrompt(chunks: readonly Chunk[], { systemInside }: { systemInside: boolean }): SentPrompt {
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
      pieces.map(({ chunk }) => chunk.text),
    ),
  );
  const changing = messages.findIndex(({ pieces }) => pieces.some(({ chunk }) => !chunk.stable));
  return {
    prompt,
    messages,
    segments,
    stableMessages: changing === -1 ? messages.length : changing,
    digest: digestOf(prompt),
  };
}

export function toModelMessage(role: PromptRole, texts: readonly string[]): LanguageModelV4Message {
  const text = texts.join(JOINT);
  return role === 'system' ? { role, content: text } : { role, content: [{ type: 'text', text }] };
}

export function digestOf(prompt: LanguageModelV4Prompt): string {
  return createHash('sha256').update(JSON.stringify(prompt)).digest('hex');
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
