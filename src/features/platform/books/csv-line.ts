/** One line of a table as spreadsheets read it (RFC 4180). */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** Nano-units as an exact decimal number of the currency. */
export function decimalMoney(nano: number): string {
  const text = String(Math.abs(nano)).padStart(10, '0');
  return `${nano < 0 ? '-' : ''}${text.slice(0, -9)}.${text.slice(-9)}`;
}

function cellOf(value: string | number): string {
  const text = String(value);
  // Spreadsheets read some beginnings as formulas; numbers may begin with a minus.
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
