/** A turn as it is read for facts. */
export interface DistilTurn {
  id: string;
  speaker: string;
  byHuman: boolean;
  text: string;
  /** Epoch milliseconds. */
  at: number;
}
