import { CallConnection } from '../../../client/call/call-connection.ts';
import type { CallCloseReason, CallConnectionState } from '../../../client/call/call-connection.ts';
import { CAPTURE_SAMPLE_RATE } from './audio/worklet-messages.ts';
import type { CallLink, CallLinkEvents } from './call-link.ts';

/** After so many in vain at the beginning the person is told. */
const ATTEMPTS_IN_SILENCE = 3;

export interface CallLinkOptions {
  conversationId: string;
  events: CallLinkEvents;
}

/** Opens the way to the house and keeps it open: a call that was cut off goes on where it was, also after a reload. */
export function openCallLink({ conversationId, events }: CallLinkOptions): CallLink {
  const storageKey = `everwith.call.${conversationId}`;
  const address = new URL('/v1/realtime', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const connection = new CallConnection({
    address: address.href,
    target: { conversation: conversationId },
    callId: sessionStorage.getItem(storageKey),
    greet: true,
    inputRate: CAPTURE_SAMPLE_RATE,
    createSocket: (url, protocols) => new WebSocket(url, protocols),
    clock: browserClock,
    // Somebody who looks at the screen of a call wants it back; they close it themselves.
    comebackLimitInMs: Infinity,
    onEvent: events.onEvent,
    onAudio: events.onAudio,
    onState: (state, detail) => events.onLink(state, reasonOf(state, detail)),
    onCall: (callId) => {
      if (callId === null) sessionStorage.removeItem(storageKey);
      else sessionStorage.setItem(storageKey, callId);
    },
  });
  connection.connect();
  return {
    send: (event) => connection.send(event),
    sendAudio: (samples) => connection.sendAudio(samples),
    wake: () => connection.wake(),
    close: () => connection.leave(),
  };
}

function reasonOf(
  state: CallConnectionState,
  { attempts, reason }: { attempts: number; reason: CallCloseReason | null },
): string | undefined {
  if (state === 'connecting' && attempts > ATTEMPTS_IN_SILENCE) return 'unreachable';
  return reason === 'ended' ? 'hung-up' : (reason ?? undefined);
}

const browserClock = {
  now: () => performance.now(),
  after: (delayInMs: number, run: () => void) => {
    const timer = setTimeout(run, delayInMs);
    return () => clearTimeout(timer);
  },
};
