import { encodeWav } from '../../base/audio/wav.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { Actor } from '../../accounts/actor.ts';
import { insertVoiceClip, isVoiceClipUsed, readVoiceClip } from '../../conversation/voice-clip-store.ts';
import { HEARING_SAMPLE_RATE } from '../../models/spec/speech-handle.ts';
import type { CallMessages } from './calls-context.ts';
import type { Storage, Trx } from '../../storage/storage.ts';

/** Sound that is on disk and belongs to no message yet. */
export interface NewRecording {
  durationInMs: number;
  /** Joins the transaction that keeps the message. */
  join(trx: Trx, message: { messageId: string; createdAt: number }): Promise<void>;
}

/** What people said, kept as sound: WAV, 16 kHz, mono. */
export class Recordings {
  readonly #storage: Storage;
  readonly #messages: Pick<CallMessages, 'read'>;

  constructor({ storage, messages }: { storage: Storage; messages: Pick<CallMessages, 'read'> }) {
    this.#storage = storage;
    this.#messages = messages;
  }

  /** Writes the sound, then does the work that refers to it; where that fails, nothing of it stays. */
  async keep<T>(
    { samples, conversationId, ownerId }: { samples: Float32Array; conversationId: string; ownerId: string },
    work: (recording: NewRecording) => Promise<T>,
  ): Promise<T> {
    const { blobs, db } = this.#storage;
    const durationInMs = Math.round((samples.length * 1000) / HEARING_SAMPLE_RATE);
    const hash = await blobs.write(encodeWav({ samples, sampleRate: HEARING_SAMPLE_RATE }));
    try {
      return await work({
        durationInMs,
        join: (trx, { messageId, createdAt }) =>
          insertVoiceClip(trx, {
            messageId,
            conversationId,
            ownerId,
            hash,
            mediaType: 'audio/wav',
            durationInMs,
            createdAt,
          }),
      });
    } catch (error) {
      if (!(await isVoiceClipUsed(db, hash))) await blobs.remove(hash);
      throw error;
    }
  }

  /** For those who heard the message. */
  async read(actor: Actor, messageId: string): Promise<{ bytes: Buffer; mediaType: string }> {
    const clip = await readVoiceClip(this.#storage.db, messageId);
    const message = clip && (await this.#messages.read(actor, messageId).catch(nothingWhereMissing));
    if (!clip || !message || message.withheld) {
      throw new NotFoundError('No recording of this message is kept.', { code: 'recording-missing' });
    }
    return { bytes: await this.#storage.blobs.read(clip.hash), mediaType: clip.mediaType };
  }
}

function nothingWhereMissing(error: unknown): undefined {
  if (error instanceof NotFoundError) return undefined;
  throw error;
}
