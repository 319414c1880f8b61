import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import { pcm16ToFloat } from '../../../base/audio/pcm16.ts';
import { ResourceError } from '../../../base/errors.ts';
import { HEARING_SAMPLE_RATE, type Transcript } from '../../spec/speech-handle.ts';
import type { CallContext } from '../../host/child-server.ts';
import { createRecognizer, type LoadedRecognizer } from './create-recognizer.ts';
import { cutPieces } from './cut-pieces.ts';
import type { HeardPiece, HearingInfo, HearingStart, TranscribeParams, TranscribeResult } from './hearing-protocol.ts';
import { HeardPieces } from './heard-pieces.ts';
import { joinTranscripts } from './join-transcripts.ts';
import { RecognitionQueue } from './recognition-queue.ts';
import { loadSmartTurn, type SmartTurn } from './smart-turn.ts';
import { TURN_SAMPLES } from './smart-turn-features.ts';

interface LoadedEars extends LoadedRecognizer {
  turn: SmartTurn | null;
  info: HearingInfo;
}

/** The inside of the hearing child: one recogniser, and the turn detector beside it. */
export class HearingEngine {
  readonly #ears: LoadedEars;
  readonly #queue = new RecognitionQueue();
  readonly #heard = new HeardPieces();

  private constructor(ears: LoadedEars) {
    this.#ears = ears;
  }

  static async load({ ears, turnModel }: HearingStart): Promise<HearingEngine> {
    const begun = performance.now();
    const [loaded, turn] = await Promise.all([
      createRecognizer(ears),
      turnModel === null ? null : loadSmartTurn(turnModel),
    ]);
    // The first features are three times as slow as later ones: let nobody wait for them.
    await turn?.probability(new Float32Array(TURN_SAMPLES).map((_, index) => Math.sin(index * index) / 10));
    return new HearingEngine({ ...loaded, turn, info: { loadInMs: Math.round(performance.now() - begun) } });
  }

  get info(): HearingInfo {
    return this.#ears.info;
  }

  /** Piece by piece, so that a live request never waits for more than one piece of another. */
  async transcribe(params: TranscribeParams, { signal }: CallContext<never>): Promise<TranscribeResult> {
    // A turn detection that was asked for in the same breath is answered first: it is shorter, and decides more.
    await nextTurnOfLoop();
    const pieces: HeardPiece[] = [];
    let language: string | null = null;
    let start = 0;
    const cut = cutPieces(params.samples, this.#ears.piece);
    for (const [index, samples] of cut.entries()) {
      const heard = await this.#hear(samples, { ...params, signal, complete: index < cut.length - 1 });
      const end = start + samples.length / HEARING_SAMPLE_RATE;
      pieces.push({ text: heard.text, startInSeconds: start, endInSeconds: end });
      if (heard.text !== '') language ??= heard.language;
      start = end;
    }
    return { text: joinTranscripts(pieces.map(({ text }) => text)), language: language ?? params.language, pieces };
  }

  async probability({ samples }: { samples: Int16Array }): Promise<{ probability: number }> {
    const { turn } = this.#ears;
    if (!turn) throw new ResourceError('The hearing engine runs without a turn detector.', { code: 'hearing-absent' });
    return { probability: await turn.probability(pcm16ToFloat(samples)) };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#ears.recognizer.dispose(), this.#ears.turn?.dispose()]);
  }

  async #hear(samples: Int16Array, options: HearOptions): Promise<Transcript> {
    const { language, priority, signal, complete } = options;
    const key = complete ? this.#heard.key(samples, language) : null;
    const known = key === null ? undefined : this.#heard.get(key);
    if (known) return known;
    const heard = await this.#queue.add({ priority, signal }, (until) =>
      this.#ears.recognizer.transcribe(pcm16ToFloat(samples), { language, signal: until }),
    );
    if (key !== null) this.#heard.set(key, heard);
    return heard;
  }
}

interface HearOptions extends Pick<TranscribeParams, 'language' | 'priority'> {
  signal: AbortSignal;
  /** More of the audio follows, so that this piece will not change. */
  complete: boolean;
}
