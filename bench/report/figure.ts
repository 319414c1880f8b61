/** One measured figure, printed as a line of JSON that `./everwith bench` gathers. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What the same run measured to compare with; null where the target is absolute. */
  reference: number | null;
  /** In words, such as `<= 3x`. */
  target: string;
  pass: boolean;
}

export function printFigure({ name, value, unit, reference, target, pass }: Figure): void {
  const ratio = reference === null || reference === 0 ? null : round(value / reference);
  console.log(
    JSON.stringify({
      name,
      value: round(value),
      unit,
      reference: reference === null ? null : round(reference),
      ratio,
      target,
      pass,
    }),
  );
}

/** Nearest rank; `share` between 0 and 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('Nothing was measured.');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Four significant digits: more would pretend to a precision that a shared machine does not have. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
