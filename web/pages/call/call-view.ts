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

/** Who speaks in a reply: a participant of the room. */
export interface ReplySpeaker {
  id: string;
  name: string;
}

export interface ShownReply {
  id: string;
  clauses: readonly SpokenClause[];
  soundedInMs: number;
  interrupted: boolean;
  /** Null until it is told, and where only one can speak. */
  speaker: ReplySpeaker | null;
}

/** Something to know that keeps nothing from going on. `voice-shared`: two of the room sound alike. */
export type CallNoticeCode = 'voice-shared';

/** What a call screen shows. */
export interface CallView {
  link: LinkState;
  state: CallState;
  /** The reply that sounds or sounded last. */
  reply: ShownReply | null;
  /** What the person said last, as far as it is understood. */
  heard: { turnId: string; text: string; final: boolean } | null;
  failure: CallFailure | null;
  /** Stays over replies and reconnections; once closed it does not come again. */
  notice: { code: CallNoticeCode; open: boolean } | null;
  /** Why it is over; null while it lasts. */
  ending: string | null;
}

export const EMPTY_CALL: CallView = {
  link: 'connecting',
  state: 'listening',
  reply: null,
  heard: null,
  failure: null,
  notice: null,
  ending: null,
};

export type CallWord =
  | { type: 'link-change'; link: LinkState }
  | { type: 'state-change'; state: CallState }
  | { type: 'reply-start'; replyId: string }
  | { type: 'speaker-name'; replyId: string; speaker: ReplySpeaker }
  | ({ type: 'clause-start'; replyId: string } & SpokenClause)
  | { type: 'sounded'; replyId: string; positionInMs: number }
  | { type: 'reply-interrupt'; replyId: string }
  | { type: 'transcript'; turnId: string; text: string; final: boolean }
  | { type: 'speech-dismiss'; turnId: string }
  | { type: 'failure'; failure: CallFailure }
  | { type: 'failure-dismiss' }
  | { type: 'notice'; code: CallNoticeCode }
  | { type: 'notice-dismiss' }
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
    case 'speaker-name':
      return ofReply(view, word.replyId, () => ({ speaker: word.speaker }));
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
    case 'notice':
      return view.notice === null ? { ...view, notice: { code: word.code, open: true } } : view;
    case 'notice-dismiss':
      return view.notice === null ? view : { ...view, notice: { ...view.notice, open: false } };
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
  return { before: asSpoken(begun.at(-2)?.text ?? ''), now: asSpoken(begun.at(-1)?.text ?? '') };
}

/** Without the marks of narration and emphasis, and on one line: nobody says them. */
function asSpoken(text: string): string {
  return text.replaceAll(/\*+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '').replaceAll(/\s+/gu, ' ');
}

/** Who speaks this moment; null in a pause, after an interruption, and where only one can speak. */
export function speakerOf({ state, link, reply }: CallView): ReplySpeaker | null {
  if (state !== 'speaking' || link !== 'open' || reply === null || reply.interrupted) return null;
  return reply.speaker;
}

function newReply(id: string): ShownReply {
  return { id, clauses: [], soundedInMs: -1, interrupted: false, speaker: null };
}

/** A clause of a reply whose start was missed, after a reconnection, begins it. */
function addClause(view: CallView, word: Extract<CallWord, { type: 'clause-start' }>): CallView {
  const reply = view.reply?.id === word.replyId ? view.reply : newReply(word.replyId);
  if (reply.clauses.some(({ clause }) => clause === word.clause)) return view;
  const { clause, text, positionInMs } = word;
  return { ...view, reply: { ...reply, clauses: [...reply.clauses, { clause, text, positionInMs }] } };
}

function ofReply(view: CallView, replyId: string, change: (reply: ShownReply) => Partial<ShownReply>): CallView {
  if (view.reply?.id !== replyId) return view;
  return { ...view, reply: { ...view.reply, ...change(view.reply) } };
}
