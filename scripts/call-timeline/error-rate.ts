/** Words (or characters, for Chinese) that have to change, over those expected: Levenshtein's distance. */
export function errorRate({
  expected,
  found,
  byCharacter,
}: {
  expected: string;
  found: string;
  byCharacter: boolean;
}): number {
  const [from, to] = [units(expected, byCharacter), units(found, byCharacter)];
  if (from.length === 0) return to.length === 0 ? 0 : 1;
  let previous = to.map((_, index) => index + 1);
  for (const [row, unit] of from.entries()) {
    const next: number[] = [];
    for (const [column, other] of to.entries()) {
      const above = previous[column] ?? 0;
      const left = next[column - 1] ?? row + 1;
      const corner = column === 0 ? row : (previous[column - 1] ?? 0);
      next.push(Math.min(above + 1, left + 1, corner + (unit === other ? 0 : 1)));
    }
    previous = next;
  }
  return (previous.at(-1) ?? from.length) / from.length;
}

function units(text: string, byCharacter: boolean): string[] {
  const plain = text.toLowerCase().normalize('NFKC').replaceAll(/[’']/g, '');
  if (byCharacter) return Array.from(plain.replaceAll(/[^\p{L}\p{N}]/gu, ''));
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
