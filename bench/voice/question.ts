/** What every caller of the bench says. */
export const QUESTION = 'tell me more of it';
