import type { LanguageModelV4FilePart, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { FilesReceipt } from '../../contract/attachments.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { ModelHandle } from '../models/spec/model-handle.ts';
import type { SentMessage } from './prompt-chunks.ts';

/** Pictures that one prompt shows, the newest. */
const MOST_PICTURES = 6;
/** What a picture of 1568 pixels costs at most, tokens (Anthropic and OpenAI count about as many). */
const PICTURE_TOKENS = 1600;
/** Share of a prompt that pictures may take. */
const SHARE = 0.4;

/** A picture's bytes, as it is kept. */
export interface PictureSource {
  /** Null where it is gone. */
  read(attachmentId: string): Promise<{ mediaType: string; bytes: Uint8Array } | null>;
}

/** Which pictures of a history a model is shown: the newest, where it sees. */
export function choosePictures(
  messages: readonly { node: MessageNode }[],
  { model, budget }: { model: ModelHandle; budget: number },
): { shown: ReadonlyMap<string, readonly string[]>; told: Pick<FilesReceipt, 'pictures' | 'picturesTold'> } {
  const fitting = Math.max(1, Math.floor((budget * SHARE) / PICTURE_TOKENS));
  const most = model.seesPictures ? Math.min(MOST_PICTURES, fitting) : 0;
  const shown = new Map<string, string[]>();
  const names: string[] = [];
  let told = 0;
  for (const { node } of messages.toReversed()) {
    for (const part of node.parts.toReversed()) {
      if (part.type !== 'image' || node.author.kind !== 'human') continue;
      if (names.length >= most) {
        told += 1;
        continue;
      }
      names.unshift(part.name);
      shown.set(node.id, [part.attachmentId, ...(shown.get(node.id) ?? [])]);
    }
  }
  return { shown, told: { pictures: names, picturesTold: told } };
}

/** The prompt with the pictures behind the words of the messages they came with. */
export async function withPictures(
  prompt: LanguageModelV4Prompt,
  { messages, source }: { messages: readonly SentMessage[]; source: PictureSource },
): Promise<LanguageModelV4Prompt> {
  const shown: LanguageModelV4Prompt = [];
  for (const [index, message] of prompt.entries()) {
    const ids = messages[index]?.pieces.flatMap(({ chunk }) => chunk.pictures ?? []) ?? [];
    if (message.role !== 'user' || ids.length === 0) {
      shown.push(message);
      continue;
    }
    const found = await Promise.all(ids.map((id) => source.read(id)));
    const parts = found.flatMap((picture): LanguageModelV4FilePart[] =>
      picture === null
        ? []
        : [{ type: 'file', mediaType: picture.mediaType, data: { type: 'data', data: picture.bytes } }],
    );
    shown.push({ ...message, content: [...message.content, ...parts] });
  }
  return shown;
}
