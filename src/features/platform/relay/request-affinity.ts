import type { Affinity } from '../routing/router.ts';

/** By what a request is kept with others at one target: who it says its conversation is, and how its prompt begins. */
export function affinityOf(body: Readonly<Record<string, unknown>>): Affinity {
  const key = body['prompt_cache_key'];
  return {
    conversation: typeof key === 'string' ? key : null,
    prefix: (characters) => beginningOf(body['messages'] ?? body['input'], characters),
  };
}

function beginningOf(value: unknown, characters: number): string {
  if (typeof value === 'string') return value.slice(0, characters);
  if (typeof value !== 'object' || value === null) return String(value);
  let text = '';
  for (const part of Object.values(value)) {
    text += `\n${beginningOf(part, characters - text.length)}`;
    if (text.length >= characters) break;
  }
  return text.slice(0, characters);
}
