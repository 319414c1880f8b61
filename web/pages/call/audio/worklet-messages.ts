/** What the page and its two worklets say to each other. Positions are milliseconds of one reply's audio. */

export const CAPTURE_PROCESSOR = 'everwith-capture';
export const PLAYBACK_PROCESSOR = 'everwith-playback';

/** Samples per second of what the microphone sends. */
export const CAPTURE_SAMPLE_RATE = 16_000;
/** Samples per second of what a call says. */
export const PLAYBACK_SAMPLE_RATE = 24_000;
/** Milliseconds between two words about the position. */
export const POSITION_PERIOD_IN_MS = 100;

export type ToCapture =
  /** The way to the playback worklet: our voice is lowered without a detour over the page. */
  | { type: 'connect'; port: MessagePort }
  /** Silence is sent instead: the server's ears go on counting. */
  | { type: 'mute'; muted: boolean };

export type FromCapture =
  /** 20 ms, mono PCM16 of 16 kHz. */
  { type: 'frame'; samples: Int16Array; levelInDb: number; speaking: boolean };

export type ToPlayback =
  | { type: 'connect'; port: MessagePort }
  | { type: 'audio'; replyId: string; samples: Int16Array; positionInMs: number }
  | { type: 'sent'; replyId: string; durationInMs: number }
  | { type: 'flush'; replyId: string }
  | { type: 'duck' }
  | { type: 'unduck' }
  /** Milliseconds from here to the ear. */
  | { type: 'latency'; latencyInMs: number };

export type FromPlayback =
  /** This much of the reply has sounded. `done` once, when all of it has. */
  | { type: 'position'; replyId: string; positionInMs: number; done: boolean }
  | { type: 'level'; levelInDb: number }
  | { type: 'duck'; ducked: boolean };

/** From capture to playback. */
export type GateWord = { type: 'onset' };
/** From playback to capture: how loud our own sound is now. */
export type PlayedWord = { type: 'played'; levelInDb: number };

/** Hears a port from now on; ports wait until they are started. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- whoever listens says what the other end sends
export function listen<Word>(port: MessagePort, onWord: (word: Word) => void): void {
  port.addEventListener('message', ({ data }: MessageEvent<Word>) => onWord(data));
  port.start();
}
