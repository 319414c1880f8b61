import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a process that is already ending may take; longer is a leak. */
const GRACE_IN_MS = 5_000;

export interface Leak {
  pid: number;
  command: string;
}

/**
 * Processes that carry `mark` (`NAME=value`) in the environment they were started with, however
 * far down and whoever their parent is now. Waits a little for those that are just ending.
 */
export async function leakedProcesses({
  mark,
  graceInMs = GRACE_IN_MS,
}: {
  mark: string;
  graceInMs?: number;
}): Promise<Leak[]> {
  const limit = Date.now() + graceInMs;
  for (;;) {
    const leaks = process.platform === 'linux' ? linuxProcesses(mark) : otherProcesses(mark);
    if (leaks.length === 0 || Date.now() > limit) return leaks;
    await delay(200);
  }
}

export function endLeaked(leaks: readonly Leak[]): void {
  for (const { pid } of leaks) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Names in the run's own temporary folder that carry our prefix: each should have been removed by its maker. */
export function leakedFolders(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('everwith-'));
}

function linuxProcesses(mark: string): Leak[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const carries = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(mark);
        if (!carries) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        // A zombie has ended; only its parent has not looked yet.
        return command ? [{ pid: Number(name), command }] : [];
      } catch {
        return []; // ended while we looked, or is another user's
      }
    });
}

function otherProcesses(mark: string): Leak[] {
  const lines = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  }).split('\n');
  return lines
    .filter((line) => line.includes(` ${mark} `) || line.endsWith(` ${mark}`))
    .map((line) => {
      const [, pid = '0', command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return { pid: Number(pid), command: command.slice(0, 200) };
    })
    .filter(({ pid }) => pid !== process.pid && pid !== 0);
}
