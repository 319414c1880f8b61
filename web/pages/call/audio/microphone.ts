/** Why there is no microphone, each with another next step. */
export type MicrophoneProblem = 'denied' | 'absent' | 'busy' | 'insecure' | 'unknown';

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, cause?: unknown) {
    super(`No microphone: ${problem}.`, { cause });
    this.name = 'MicrophoneError';
    this.problem = problem;
  }
}

/** By `DOMException.name` of `getUserMedia` (Media Capture and Streams §10.2.1), with older browsers' names. */
const PROBLEMS: Readonly<Record<string, MicrophoneProblem>> = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'absent',
  DevicesNotFoundError: 'absent',
  OverconstrainedError: 'absent',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'busy',
};

/**
 * Opens a microphone with the browser's own cleaning of the sound. A remembered one that is gone is passed over.
 * Rejects with `MicrophoneError`.
 */
export async function openMicrophone(deviceId: string): Promise<MediaStream> {
  // Without HTTPS browsers hide microphones of other computers' pages altogether.
  if (!globalThis.isSecureContext || navigator.mediaDevices === undefined) throw new MicrophoneError('insecure');
  const cleaning = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: deviceId === '' ? cleaning : { ...cleaning, deviceId: { exact: deviceId } },
    });
  } catch (error) {
    const problem = (error instanceof DOMException ? PROBLEMS[error.name] : undefined) ?? 'unknown';
    if (deviceId !== '' && problem === 'absent') return await openMicrophone('');
    throw new MicrophoneError(problem, error);
  }
}

export interface AudioDevice {
  id: string;
  /** Empty until the microphone has been allowed. */
  label: string;
}

export interface AudioDevices {
  microphones: AudioDevice[];
  /** Empty where the browser cannot choose. */
  speakers: AudioDevice[];
}

export async function listAudioDevices(): Promise<AudioDevices> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const ofKind = (kind: MediaDeviceKind) =>
    devices
      .filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: ofKind('audioinput'), speakers: ofKind('audiooutput') };
}
