import { createHash } from 'node:crypto';
import type { MessagePart } from '../../../contract/messages.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { detectFile } from '../../conversation/files/detect-file.ts';
import { withoutMetadata } from '../../conversation/files/picture-file.ts';
import type { PictureSource } from '../../turn/show-pictures.ts';

/** Pictures of a talk of which nothing is kept, by what is in them. */
export class PassingPictures implements PictureSource {
  readonly #pictures = new Map<string, { mediaType: string; bytes: Uint8Array }>();

  /** Throws `InvalidInputError` for what is no picture that models look at. */
  async add(sent: Buffer): Promise<Extract<MessagePart, { type: 'image' }>> {
    const { file } = await detectFile(sent, 'picture');
    const picture = file?.kind === 'image' ? withoutMetadata(sent, file.mediaType) : null;
    if (!file || !picture) {
      throw new InvalidInputError('A picture is a whole PNG, JPEG, WebP or GIF.', {
        code: 'unreadable-picture',
        field: 'messages',
      });
    }
    const { mediaType } = file;
    const attachmentId = createHash('sha256').update(picture.bytes).digest('hex');
    this.#pictures.set(attachmentId, { mediaType, bytes: picture.bytes });
    return { type: 'image', attachmentId, url: '', name: '', mediaType, ...picture.size, alt: '' };
  }

  read(attachmentId: string): Promise<{ mediaType: string; bytes: Uint8Array } | null> {
    return Promise.resolve(this.#pictures.get(attachmentId) ?? null);
  }
}
