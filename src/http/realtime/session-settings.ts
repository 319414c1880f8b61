import type { RealtimeInputRate, RealtimeSessionUpdate, RealtimeTurnDetection } from '../../../contract/realtime.ts';
import type { TurnProfile } from '../../../contract/voice.ts';
import type { CallSettings } from '../../features/calls/open-call.ts';
import { RealtimeFault } from './realtime-fault.ts';

/** Silence, in ms, from which a wish for patience is meant. */
const PATIENT_SILENCE_MS = 1200;
const MIN_SPEED = 0.5;

export interface SessionSettings {
  modality: 'audio' | 'text';
  instructions: string;
  inputRate: RealtimeInputRate;
  /** Null = as the person likes it. */
  profile: TurnProfile | null;
  /** True for OpenAI's `turn_detection: null`: audio is kept until `input_audio_buffer.commit` and `response.create`. */
  manual: boolean;
  /** Null = the character's own. */
  voice: string | null;
  speed: number;
  /** Semitones. */
  pitch: number;
}

export const FIRST_SETTINGS: SessionSettings = {
  modality: 'audio',
  instructions: '',
  inputRate: 24_000,
  profile: null,
  manual: false,
  voice: null,
  speed: 1,
  pitch: 0,
};

/** The settings after a `session.update`; throws a `RealtimeFault` for what the house cannot follow, and then nothing changes. */
export function updateSettings(current: SessionSettings, update: RealtimeSessionUpdate): SessionSettings {
  refuseUnsupported(update);
  const { input, output } = update.audio ?? {};
  requireFormat(output?.format, [24_000], 'session.audio.output.format');
  const next = { ...current };
  if (update.output_modalities) next.modality = update.output_modalities[0] ?? 'audio';
  if (update.instructions !== undefined) next.instructions = update.instructions;
  const rate = requireFormat(input?.format, [24_000, 16_000], 'session.audio.input.format');
  if (rate !== null) next.inputRate = rate;
  if (input?.turn_detection !== undefined) {
    next.manual = input.turn_detection === null;
    next.profile = profileOf(input.turn_detection);
  }
  if (update.everwith?.profile) {
    next.profile = update.everwith.profile;
    next.manual = false;
  }
  if (output?.voice !== undefined) next.voice = typeof output.voice === 'string' ? output.voice : output.voice.id;
  if (output?.speed !== undefined) next.speed = Math.max(MIN_SPEED, output.speed);
  if (update.everwith?.pitch !== undefined) next.pitch = update.everwith.pitch;
  return next;
}

/** What of it the call itself must be told; null when nothing of it changed. */
export function callSettings(before: SessionSettings, after: SessionSettings): CallSettings | null {
  const settings: CallSettings = {};
  if (after.profile !== before.profile && after.profile !== null) settings.profile = after.profile;
  if (after.instructions !== before.instructions) settings.instructions = after.instructions;
  if (after.speed !== before.speed) settings.speed = after.speed;
  if (after.voice !== before.voice || after.pitch !== before.pitch) {
    settings.voice = { voice: after.voice, speed: 1, pitch: after.pitch };
  }
  return Object.keys(settings).length > 0 ? settings : null;
}

/** How the profile reads in OpenAI's words. */
export function turnDetectionOf({ profile }: SessionSettings): RealtimeTurnDetection | null {
  if (profile === 'push-to-talk') return null;
  return {
    type: 'semantic_vad',
    eagerness: profile === 'slow-speaker' ? 'low' : 'auto',
    create_response: true,
    interrupt_response: true,
  };
}

function profileOf(detection: RealtimeTurnDetection | null): TurnProfile {
  if (detection === null) return 'push-to-talk';
  if (detection.create_response === false || detection.interrupt_response === false) {
    const field = detection.create_response === false ? 'create_response' : 'interrupt_response';
    throw new RealtimeFault(
      'Turns are answered and may interrupt as they are heard. For answers only on demand send turn_detection: null.',
      { code: 'not_supported', param: `session.audio.input.turn_detection.${field}` },
    );
  }
  if (detection.type === 'semantic_vad') return detection.eagerness === 'low' ? 'slow-speaker' : 'normal';
  return (detection.silence_duration_ms ?? 0) >= PATIENT_SILENCE_MS ? 'slow-speaker' : 'normal';
}

function requireFormat<Rate extends number>(
  format: { type: string; rate?: number | undefined } | undefined,
  rates: readonly Rate[],
  param: string,
): Rate | null {
  if (!format) return null;
  if (format.type !== 'audio/pcm') {
    throw new RealtimeFault(`Audio is audio/pcm here; “${format.type}” is not supported.`, {
      code: 'not_supported',
      param: `${param}.type`,
    });
  }
  const rate = rates.find((candidate) => candidate === (format.rate ?? 24_000));
  if (rate === undefined) {
    throw new RealtimeFault(`Audio has ${rates.join(' or ')} samples a second here, not ${format.rate}.`, {
      code: 'invalid_value',
      param: `${param}.rate`,
    });
  }
  return rate;
}

function refuseUnsupported(update: RealtimeSessionUpdate): void {
  const refuse = (param: string, message: string) => {
    throw new RealtimeFault(message, { code: 'not_supported', param: `session.${param}` });
  };
  if (update.type === 'transcription')
    refuse('type', 'Sessions that only transcribe are not supported; a call answers.');
  if ((update.tools?.length ?? 0) > 0) refuse('tools', 'Characters in a call use no tools of the client.');
  if (update.prompt !== undefined && update.prompt !== null) {
    refuse('prompt', 'Stored prompts are not supported; a character is its own. Use session.instructions.');
  }
  if (update.max_output_tokens !== undefined && update.max_output_tokens !== 'inf') {
    refuse('max_output_tokens', 'How long a spoken reply may be is the character’s preset; only “inf” is taken here.');
  }
  if ((update.include?.length ?? 0) > 0) refuse('include', 'Log probabilities of transcripts are not available.');
}
