/** What this browser keeps of how somebody calls from here; each device has its own microphones. */
const STORAGE_KEY = 'everwith.call';

export interface RememberedAudio {
  /** Device ids of `enumerateDevices`; empty for the system's choice. */
  microphone: string;
  speaker: string;
  /** Play through a loopback connection, so that old browsers' echo cancellation hears our voice. */
  loopback: 'auto' | 'on' | 'off';
}

const PLAIN: RememberedAudio = { microphone: '', speaker: '', loopback: 'auto' };

export function rememberedAudio(): RememberedAudio {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return PLAIN;
    const { microphone, speaker, loopback } = kept as Record<string, unknown>;
    return {
      microphone: typeof microphone === 'string' ? microphone : '',
      speaker: typeof speaker === 'string' ? speaker : '',
      loopback: loopback === 'on' || loopback === 'off' ? loopback : 'auto',
    };
  } catch {
    return PLAIN;
  }
}

export function rememberAudio(change: Partial<RememberedAudio>): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify({ ...rememberedAudio(), ...change }));
}
