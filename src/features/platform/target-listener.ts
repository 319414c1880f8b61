/** Told which target answers, and after how many tries (absent = 1), before anything of the answer is handed on. */
export type TargetListener = (target: { ref: string; attempts?: number }) => void;
