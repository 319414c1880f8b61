import type { LanguageModelV4FilePart, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { FilesReceipt } from '../../contract/attachments.ts';
import type { MessagePart } from '../../contract/messages.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import type { SentMessage } from './prompt-chunks.ts';

/** Pictures that one prompt shows, the newest. */
const MOST_PICTURES = 6;
/** What a picture costs at most where a model's rule is not known: 1568 pixels a side in patches of 28. */
const PICTURE_TOKENS = 3200;
/** Share of a prompt that pictures may take. */
const SHARE = 0.4;
/** The newest alone may take more: it is what is spoken of. */
const NEWEST_SHARE = 0.7;

/** A picture's bytes, as it is kept. */
export interface PictureSource {
  /** Null where it is gone. */
  read(attachmentId: string): Promise<{ mediaType: string; bytes: Uint8Array } | null>;
}

type Picture = Extract<MessagePart, { type: 'image' }>;

/** Takes pictures from the newest on, while there is room for them in a prompt. */
export class PictureRoom {
  readonly #model: ModelFacts;
  readonly #budget: number;
  #taken = 0;
  #count = 0;

  /** `budget`: tokens that the whole prompt may take. */
  constructor({ model, budget }: { model: ModelFacts; budget: number }) {
    this.#model = model;
    this.#budget = budget;
  }

  /** The pictures of a message that are shown, and what they cost. Messages come newest first. */
  take({ parts, author }: MessageNode): { shown: Picture[]; left: number; tokens: number } {
    const pictures = author.kind === 'human' ? parts.filter((part) => part.type === 'image') : [];
    const shown: Picture[] = [];
    let tokens = 0;
    for (const picture of pictures.toReversed()) {
      const cost = this.#model.pictureTokens?.(picture) ?? PICTURE_TOKENS;
      const most = this.#budget * (this.#count === 0 ? NEWEST_SHARE : SHARE);
      if (!this.#model.seesPictures || this.#count >= MOST_PICTURES || this.#taken + cost > most) continue;
      this.#count += 1;
      this.#taken += cost;
      tokens += cost;
      shown.unshift(picture);
    }
    return { shown, left: pictures.length - shown.length, tokens };
  }
}

/** Which pictures of a history a model is shown: the newest, where it sees. */
export function choosePictures(
  messages: readonly { node: MessageNode }[],
  room: PictureRoom,
): { shown: ReadonlyMap<string, readonly string[]>; told: Pick<FilesReceipt, 'pictures' | 'picturesTold'> } {
  const shown = new Map<string, string[]>();
  const names: string[] = [];
  let told = 0;
  for (const { node } of messages.toReversed()) {
    const taken = room.take(node);
    told += taken.left;
    if (taken.shown.length === 0) continue;
    names.unshift(...taken.shown.map(({ name }) => name));
    shown.set(
      node.id,
      taken.shown.map(({ attachmentId }) => attachmentId),
    );
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
