/**
 * A transcript whose words go round in a circle, once: recognisers repeat a short sound (`I see, I see, I` for one
 * `I see`). Other texts stay as they are.
 */
export function withoutLoops(text: string): string {
  const words = text.split(/\s+/).filter(Boolean);
  const plain = words.map((word) => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''));
  for (let period = 1; period <= words.length / 2; period += 1) {
    if (plain.every((word, index) => word === plain[index % period])) return words.slice(0, period).join(' ');
  }
  return text;
}
