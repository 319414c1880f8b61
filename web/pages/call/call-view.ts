/** What a call is doing, as the house says it; see `src/voice/call-events.ts`. */
export type CallState = 'listening' | 'hearing' | 'thinking' | 'speaking' | 'away' | 'ended';

/**
 * How the way to the house is.
 *   connecting    for the first time
 *   open
 *   reconnecting  lost; the call waits for us
 *   closed        for good
 */
export type LinkState = 'connecting' | 'open' | 'reconnecting' | 'closed';

export interface SpokenClause {
  clause: number;
  text: string;
  /** Milliseconds of the reply's audio at which it begins. */
  positionInMs: number;
}

export interface CallFailure {
  stage: 'connection' | 'hearing' | 'thinking' | 'speaking';
  code: string;
  message: string;
  retryable: boolean;
}

/** What a call screen shows. */
export interface CallView {
  link: LinkState;
  state: CallState;
  /** The reply that sounds or sounded last. */
  reply: { id: string; clauses: readonly SpokenClause[]; soundedInMs: number; interrupted: boolean } | null;
  /** What the person said last, as far as it is understood. */
  heard: { turnId: string; text: string; final: boolean } | null;
  failure: CallFailure | null;
  /** Why it is over; null while it lasts. */
  ending: string | null;
}

export const EMPTY_CALL: CallView = {
  link: 'connecting',
  state: 'listening',
  reply: null,
  heard: null,
  failure: null,
  ending: null,
};

export type CallWord =
  | { type: 'link-change'; link: LinkState }
  | { type: 'state-change'; state: CallState }
  | { type: 'reply-start'; replyId: string }
  | ({ type: 'clause-start'; replyId: string } & SpokenClause)
  | { type: 'sounded'; replyId: string; positionInMs: number }
  | { type: 'reply-interrupt'; replyId: string }
  | { type: 'transcript'; turnId: string; text: string; final: boolean }
  | { type: 'speech-dismiss'; turnId: string }
  | { type: 'failure'; failure: CallFailure }
  | { type: 'failure-dismiss' }
  | { type: 'call-end'; reason: string };

export function reduceCall(view: CallView, word: CallWord): CallView {
  switch (word.type) {
    case 'link-change':
      return { ...view, link: word.link };
    case 'state-change':
      return { ...view, state: word.state };
    case 'reply-start':
      // After a reconnection the same reply begins again: what has sounded stays so.
      return { ...view, reply: view.reply?.id === word.replyId ? view.reply : newReply(word.replyId), failure: null };
    case 'clause-start':
      return addClause(view, word);
    case 'sounded':
      return ofReply(view, word.replyId, ({ soundedInMs }) => ({
        soundedInMs: Math.max(soundedInMs, word.positionInMs),
      }));
    case 'reply-interrupt':
      return ofReply(view, word.replyId, () => ({ interrupted: true }));
    case 'transcript':
      return { ...view, heard: { turnId: word.turnId, text: word.text, final: word.final } };
    case 'speech-dismiss':
      return view.heard?.turnId === word.turnId && !view.heard.final ? { ...view, heard: null } : view;
    case 'failure':
      return { ...view, failure: word.failure };
    case 'failure-dismiss':
      return { ...view, failure: null };
    case 'call-end':
      return { ...view, state: 'ended', ending: word.reason };
    default:
      return word satisfies never;
  }
}

export interface Caption {
  /** Before what sounds now; shown paler. */
  before: string;
  now: string;
}

/** The words that sound now, and the clause before them. Nothing that has not begun to sound is shown. */
export function captionOf({ reply }: CallView): Caption {
  const begun = reply?.clauses.filter(({ positionInMs }) => positionInMs <= reply.soundedInMs) ?? [];
  return { before: begun.at(-2)?.text ?? '', now: begun.at(-1)?.text ?? '' };
}

function newReply(id: string): CallView['reply'] {
  return { id, clauses: [], soundedInMs: -1, interrupted: false };
}

/** A clause of a reply whose start was missed, after a reconnection, begins it. */
function addClause(view: CallView, word: Extract<CallWord, { type: 'clause-start' }>): CallView {
  const reply = view.reply?.id === word.replyId ? view.reply : newReply(word.replyId);
  if (reply === null || reply.clauses.some(({ clause }) => clause === word.clause)) return view;
  const { clause, text, positionInMs } = word;
  return { ...view, reply: { ...reply, clauses: [...reply.clauses, { clause, text, positionInMs }] } };
}

function ofReply(
  view: CallView,
  replyId: string,
  change: (reply: NonNullable<CallView['reply']>) => Partial<NonNullable<CallView['reply']>>,
): CallView {
  if (view.reply?.id !== replyId) return view;
  return { ...view, reply: { ...view.reply, ...change(view.reply) } };
}
