/** A turn as it is read for facts. */
export interface DistilTurn {
  id: string;
  speaker: string;
  byHuman: boolean;
  /** True for somebody else than the person and the character whose memory it is. */
  byOther?: boolean;
  text: string;
  /** Epoch milliseconds. */
  at: number;
}
