/** Proposes facts from talk; the job's key is a conversation's id. `{"now":true}` does not wait until the talk has settled. */
export const PROPOSE_JOB = 'world-propose';
