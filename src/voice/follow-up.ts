import type { Answer } from './answer.ts';
import type { ReplyDraft } from './voice-ports.ts';

/*
 * States of a reply that follows another without a word of the person
 *
 *      asked ──somebody goes on──▶ held ──it has sound, nobody speaks──▶ taken (an answer like any other)
 *        │ nobody does               │ the person says something
 *        └───────────────────────────┴─────▶ dropped (nothing is left of it)
 */
export interface FollowUpOptions {
  /** The reply that was heard to its end. */
  after: Answer;
  /** The call's clock when it was over. */
  since: number;
  begin: (draft: ReplyDraft) => Answer;
  /** It is known whether somebody goes on. */
  onKnown: (follows: boolean) => void;
}

/** Whoever goes on after a reply: asked for once what was heard of that one is kept, held until it may sound. */
export class FollowUp {
  readonly since: number;
  readonly #abort = new AbortController();
  #answer: Answer | null = null;

  constructor({ after, since, begin, onKnown }: FollowUpOptions) {
    this.since = since;
    const { signal } = this.#abort;
    void after.follow(signal).then((draft) => {
      if (signal.aborted) return draft?.discard();
      if (draft) this.#answer = begin(draft);
      return onKnown(draft !== null);
    });
  }

  /** Null while it is not known whether somebody goes on. */
  get answer(): Answer | null {
    return this.#answer;
  }

  drop(): void {
    this.#abort.abort();
    this.#answer?.discard();
  }
}
