import type { Page } from 'playwright-core';
import { realtimeServerEventSchema } from '../../contract/realtime-server-events.ts';
import type { RealtimeServerEvent } from '../../contract/realtime-server-events.ts';
import type { SpokenTimings } from '../../contract/voice.ts';

/** One turn of a call. Milliseconds in `timings` count from the last sample of the person's speech. */
export interface LoggedTurn {
  /** What was understood; empty for the greeting. */
  heard: string;
  /** What was sent to be said, and what of it is kept as heard. */
  said: string;
  kept: string;
  state: string;
  timings: SpokenTimings | null;
}

/** Follows the events of the call's socket. */
export class CallLog {
  readonly turns: LoggedTurn[] = [];
  state = '';
  /** Where audio of the newest reply begins to sound, by our clock; null while nothing of it was heard. */
  soundingSince: number | null = null;
  #heard = '';
  #said = '';

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      if (!socket.url().includes('/v1/realtime')) return;
      socket.on('framereceived', ({ payload }) => {
        // Sound travels in binary frames, which a page shows as text too.
        if (!String(payload).startsWith('{')) return;
        const event = realtimeServerEventSchema.safeParse(JSON.parse(String(payload)));
        if (event.success) this.#follow(event.data);
      });
      socket.on('framesent', ({ payload }) => {
        if (String(payload).includes('everwith.playback.position')) this.soundingSince ??= performance.now();
      });
    });
  }

  #follow(event: RealtimeServerEvent): void {
    switch (event.type) {
      case 'everwith.state':
        this.state = event.state;
        break;
      case 'conversation.item.input_audio_transcription.completed':
        this.#heard = event.transcript;
        break;
      case 'response.output_item.added':
        this.#said = '';
        this.soundingSince = null;
        break;
      case 'everwith.clause.started':
        this.#said += event.text;
        break;
      case 'everwith.reply.ended':
        this.turns.push({
          heard: this.#heard,
          said: this.#said.trim(),
          kept: event.heard.trim(),
          state: event.state,
          timings: event.timings,
        });
        this.#heard = '';
        break;
      default:
    }
  }
}
