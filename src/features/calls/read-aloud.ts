import type { Pronunciation } from '../../../contract/voice.ts';

/** A text as a voice is to read it: no marks of writing, and words said as the person wants them said. */
export function readAloud(
  text: string,
  { pronunciations }: { language: string; pronunciations: readonly Pronunciation[] },
): string {
  const plain = text.replace(/[*_`#~]+/g, '').trim();
  return pronunciations.reduce((said, { written, spoken }) => said.replaceAll(written, spoken), plain);
}
