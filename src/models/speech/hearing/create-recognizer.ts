import { ResourceError } from '../../../base/errors.ts';
import type { PieceLength } from './cut-pieces.ts';
import type { EarsToLoad } from './hearing-protocol.ts';
import { createMoonshineRecognizer } from './moonshine.ts';
import type { Recognizer } from './recognizer.ts';
import { createSherpaRecognizer } from './sherpa-recognizer.ts';
import { createWhisperRecognizer } from './whisper-onnx.ts';

export interface LoadedRecognizer {
  recognizer: Recognizer;
  /** What it can hold at once, and what it should not get less of where there is more. */
  piece: PieceLength;
}

/** Moonshine's attention grows with the square of the length; SenseVoice hears a window of 30 s, Whisper fills one. */
const moonshinePiece: PieceLength = { from: 8, to: 15 };
const senseVoicePiece: PieceLength = { from: 10, to: 25 };
const whisperPiece: PieceLength = { from: 18, to: 29 };

/** Its encoder works on whole matrices; more cores are rarely free while a text model writes. */
const WHISPER_THREADS = 2;

/** Loads an engine that listens, inside the child. */
export async function createRecognizer({ engine, languages, settings, files }: EarsToLoad): Promise<LoadedRecognizer> {
  switch (engine) {
    case 'moonshine-onnx': {
      const { encoder = '', decoder = '', tokenizer = '' } = files;
      const recognizer = await createMoonshineRecognizer({ encoder, decoder, tokenizer }, languages[0] ?? 'en');
      return { recognizer, piece: moonshinePiece };
    }
    case 'sherpa-sense-voice':
      return { recognizer: await createSherpaRecognizer({ engine, settings }, files), piece: senseVoicePiece };
    case 'sherpa-whisper':
      return { recognizer: await createSherpaRecognizer({ engine, settings }, files), piece: whisperPiece };
    case 'whisper-onnx': {
      const { model = '' } = files;
      return {
        recognizer: await createWhisperRecognizer({ model }, { threads: WHISPER_THREADS }),
        piece: whisperPiece,
      };
    }
    default:
      throw new ResourceError(`The engine "${engine}" does not listen.`, { code: 'engine-start-failed' });
  }
}
