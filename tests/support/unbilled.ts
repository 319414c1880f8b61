/** Why tests and benchmarks that have no books are charged nothing. */
export const MEASUREMENT = { unbilled: 'measurement' } as const;

/** An engine as the house offers it, for whom nobody pays. */
export function unbilled<Engine extends object>(engine: Engine): Engine & { billed(): Engine } {
  return { ...engine, billed: () => engine };
}
