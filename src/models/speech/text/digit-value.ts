/** The value of a decimal digit of any script, else null. Unicode keeps the ten of a script together, zero first. */
export function digitValue(sign: string): number | null {
  const code = sign.codePointAt(0) ?? 0;
  if (!isDigit(code)) return null;
  for (let value = 0; value <= 9; value += 1) if (!isDigit(code - value - 1)) return value;
  return null;
}

function isDigit(code: number): boolean {
  return code >= 0 && /\p{Nd}/u.test(String.fromCodePoint(code));
}
