interface Usage {
  user: number;
  system: number;
}

/** Typed here, since components are checked without Node's types. */
const { process } = globalThis as unknown as { process: { threadCpuUsage(since?: Usage): Usage } };

/**
 * Milliseconds of processor time that this thread spent on `work`. The clock's time also grows while others use the
 * machine, so a bound on it would fail by chance.
 */
export async function processorTimeInMs(work: () => unknown): Promise<number> {
  const began = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}
