import type { SpokenTimings, TurnProfile } from '../../contract/voice.ts';

/** When the stages of one spoken turn were reached, by the call's clock. Each is marked once. */
export class ReplyMarks {
  readonly #now: () => number;
  readonly #marks: Partial<Record<'firstToken' | 'firstClause' | 'firstAudio' | 'firstFrameOut' | 'heard', number>> =
    {};
  readonly #begunAt: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#begunAt = now();
  }

  firstToken(): void {
    this.#marks.firstToken ??= this.#now();
  }

  firstClause(): void {
    this.#marks.firstClause ??= this.#now();
  }

  firstAudio(): void {
    this.#marks.firstAudio ??= this.#now();
  }

  firstFrameOut(): void {
    this.#marks.firstFrameOut ??= this.#now();
  }

  /** `at`: when the device began to sound, as its first report lets us reckon. */
  heard(at: number): void {
    this.#marks.heard ??= at;
  }

  /** Against the last sample of speech. */
  timings(turn: {
    profile: TurnProfile;
    speechEndedAt: number;
    decidedAt: number | null;
    transcriptAt: number | null;
    drafts: number;
    interrupted: boolean;
  }): SpokenTimings {
    const since = (at: number | null = null) => (at === null ? null : Math.round((at - turn.speechEndedAt) * 10) / 10);
    const { firstToken, firstClause, firstAudio, firstFrameOut, heard } = this.#marks;
    return {
      profile: turn.profile,
      turnEndInMs: since(turn.decidedAt),
      transcriptInMs: since(turn.transcriptAt),
      firstTokenInMs: since(firstToken),
      firstClauseInMs: since(firstClause),
      firstAudioInMs: since(firstAudio),
      firstFrameOutInMs: since(firstFrameOut),
      heardInMs: since(heard),
      drafts: turn.drafts,
      savedInMs: turn.decidedAt === null ? 0 : Math.max(turn.decidedAt - this.#begunAt, 0),
      interrupted: turn.interrupted,
    };
  }
}
