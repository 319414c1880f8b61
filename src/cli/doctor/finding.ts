/** One thing the doctor looked at. */
export interface Finding {
  /** Stable, for programs. */
  name: string;
  state: 'ok' | 'warning' | 'broken';
  text: string;
  /** What to do; present with every problem. */
  remedy?: string;
}
