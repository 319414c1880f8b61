/** Reads facts out of what was said; the key of the job is a conversation's id. */
export const DISTIL_JOB = 'memory-distil';
/** Writes summaries of what was said; its key is a conversation's id. */
export const SUMMARISE_JOB = 'memory-summarise';

/** Jobs that follow whatever changes a conversation. */
export const CONVERSATION_JOBS: readonly string[] = [DISTIL_JOB, SUMMARISE_JOB];
