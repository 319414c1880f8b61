import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';

const run = promisify(execFile);

/** Ten minutes: a slow mirror is normal, a package manager that waits for an answer is not. */
const INSTALL_LIMIT_IN_MS = 600_000;

export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && findProgram(['apt-get']) !== null;
}

/** Installs packages of the operating system (Debian and its relatives, as root). Throws with apt's last words. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const install = () =>
    apt(['install', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', ...packages]);
  try {
    await install();
  } catch {
    // The list of packages may be missing or old; a second failure is the real one.
    await apt(['update']);
    await install();
  }
}

async function apt(args: string[]): Promise<void> {
  try {
    await run('apt-get', args, {
      timeout: INSTALL_LIMIT_IN_MS,
      maxBuffer: 64 * 1024 ** 2,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    const words = String((error as { stderr?: unknown }).stderr ?? error).trim();
    throw new Error(`apt-get ${args[0]} failed: ${words.split('\n').slice(-3).join(' ')}`, { cause: error });
  }
}
