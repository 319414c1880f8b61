/** What clients of OpenAI's API ask for below their base URL. */
const FAMILY = /^\/(?:chat\/completions|responses|embeddings|audio|images|files|batches|conversations)(?:\/|$)/;
/** What OpenAI had before, or has beside, by what does the same here. */
const SUCCESSORS: readonly [RegExp, string][] = [
  [/^\/v1\/(?:completions|edits|engines)(?:\/|$)/, 'Use POST /v1/chat/completions.'],
  [/^\/v1\/(?:assistants|threads)(?:\/|$)/, 'Use /v1/responses, and /v1/conversations for what is kept.'],
  [/^\/v1\/fine_tuning(?:\/|$)/, 'Models are not trained here.'],
];

/** What whoever asked at an address that nobody knows meant, and where that is; '' where one cannot tell. */
export function addressHint(path: string): string {
  if (/^\/v1\/v1(?:\/|$)/.test(path)) return 'The path has /v1 twice: end the base URL of your client in one /v1.';
  if (FAMILY.test(path)) return 'The API is below /v1: end the base URL of your client in /v1.';
  return SUCCESSORS.find(([asked]) => asked.test(path))?.[1] ?? '';
}
