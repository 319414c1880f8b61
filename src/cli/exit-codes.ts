/** What `./everwith` ends with; every word's `--help` says so. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** A word, option or value that is not understood. */
  usage: 2,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
