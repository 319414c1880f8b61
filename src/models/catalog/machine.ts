import { access, mkdir } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { freeBytes } from './weights-folder.ts';

export interface Machine {
  /** Memory this process may use: the machine's, or the container's limit where that is lower. GiB. */
  ramGiB: number;
  /** Cores this process may run on. */
  cores: number;
  cpu: string;
  /** Where the weights go. GiB. */
  freeDiskGiB: number;
  /** The kind of graphics processor an engine could use; null when none was seen. */
  gpu: 'nvidia' | 'metal' | 'other' | null;
}

const GIB = 1024 ** 3;

export async function describeMachine(cacheDirectory: string): Promise<Machine> {
  await mkdir(cacheDirectory, { recursive: true });
  const [free, gpu] = await Promise.all([freeBytes(cacheDirectory), findGpu()]);
  return {
    ramGiB: usableMemory(totalmem(), process.constrainedMemory()) / GIB,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() || process.arch,
    freeDiskGiB: free / GIB,
    gpu,
  };
}

/** Node says 0, or an absurdly large number, where nothing limits the process. Bytes. */
export function usableMemory(total: number, limit: number): number {
  return limit > 0 ? Math.min(total, limit) : total;
}

/** By the device files of the drivers; starting a vendor's program would take seconds. */
async function findGpu(): Promise<Machine['gpu']> {
  if (process.platform === 'darwin') return process.arch === 'arm64' ? 'metal' : null;
  if (await exists('/dev/nvidia0')) return 'nvidia';
  return (await exists('/dev/dri/renderD128')) ? 'other' : null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
