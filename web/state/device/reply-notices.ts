import { showToast } from '../toasts.ts';
import { titleBadge } from './title-badge.ts';

const SWITCH_KEY = 'everwith.notify';
/** UTF-16 units of the reply that a notification shows. */
const SHOWN_LENGTH = 160;

/** A reply that ended while nobody looked. */
export interface UnseenReply {
  conversationId: string;
  title: string;
  text: string;
  /** The words of the notice in the page, and of its button. */
  words: { notice: string; go: string };
  go: () => void;
}

/** Whether the browser can show notifications here at all: plain addresses of a home network cannot. */
export function canNotify(): boolean {
  return typeof Notification !== 'undefined' && window.isSecureContext;
}

/** True where the person asked for notifications on this device and still allows them. */
export function isNotifying(): boolean {
  return canNotify() && Notification.permission === 'granted' && localStorage.getItem(SWITCH_KEY) === 'on';
}

/** Asks the browser for permission: only ever on the person's own tap. Returns whether notifications are on now. */
export async function setNotifying(wanted: boolean): Promise<boolean> {
  localStorage.removeItem(SWITCH_KEY);
  if (!wanted || !canNotify()) return false;
  const permission = await Notification.requestPermission();
  if (permission === 'granted') localStorage.setItem(SWITCH_KEY, 'on');
  return permission === 'granted';
}

/** Replies that wait to be told of in the page, by conversation: the newest of each. */
const waiting = new Map<string, UnseenReply>();

/** Tells of a reply that ended unseen: at once where nobody looks, and in the page as soon as somebody does. */
export async function tellUnseen(reply: UnseenReply): Promise<void> {
  waiting.set(reply.conversationId, reply);
  if (document.visibilityState === 'visible') return showWaiting();
  titleBadge.set(waiting.size);
  if (isNotifying()) await notify(reply);
}

/** Shows what waits, but for a conversation that is on the page itself. */
export function showWaiting(): void {
  for (const { conversationId, words, go } of waiting.values()) {
    if (location.pathname === `/c/${conversationId}`) continue;
    showToast({ text: words.notice, action: { label: words.go, run: go } });
  }
  waiting.clear();
  titleBadge.set(0);
}

async function notify({ conversationId, title, text }: UnseenReply): Promise<void> {
  const options = {
    body: text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text,
    tag: conversationId,
    icon: '/icon-192.png',
    data: { path: `/c/${conversationId}` },
  };
  // Phones show notifications of the worker only.
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  await registration?.showNotification(title, options).catch(() => undefined);
}
