import type { RealtimeClientEvent } from '../../../contract/realtime-client-events.ts';
import type { RealtimeServerEvent } from '../../../contract/realtime-server-events.ts';
import type { LinkState } from './call-view.ts';

/** The way to the house, as the screen needs it. */
export interface CallLink {
  /** Dropped while the way is not open. */
  send(event: RealtimeClientEvent): void;
  /** 20 ms of the microphone, mono PCM16 of 16 kHz. */
  sendAudio(samples: Int16Array): void;
  /** No reason to wait for the next attempt: back online, back on the page. */
  wake(): void;
  close(): void;
}

export interface CallLinkEvents {
  onEvent: (event: RealtimeServerEvent) => void;
  onAudio: (piece: { itemId: string; samples: Int16Array; positionInMs: number }) => void;
  /** `reason`, in a word: with `closed` why, with `connecting` what keeps it so long. */
  onLink: (link: LinkState, reason?: string) => void;
}
