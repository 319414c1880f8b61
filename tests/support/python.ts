import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../scripts/test-run/ensure-weights.ts';
import { findProgram, isExecutable } from './find-program.ts';

const run = promisify(execFile);
const REQUIREMENTS = join(import.meta.dirname, 'python-requirements.txt');
/** pip fetches 5 MB. */
const PATIENCE_IN_MS = 180_000;

/** A Python with OpenAI's client, in an environment of its own in the cache folder; null where nobody made one yet. */
export async function findPython(): Promise<string | null> {
  const python = findProgram(['python3', 'python']);
  if (python === null) return null;
  const program = join(await environmentOf(python), 'bin', 'python');
  return isExecutable(program) ? program : null;
}

/** Like `findPython`, but makes the environment where it can. Throws with the reason and the remedy. */
export async function ensurePython(): Promise<string> {
  const python = findProgram(['python3', 'python']);
  if (python === null) throw new Error('there is no Python on the PATH; install python3 with venv and pip');
  const home = await environmentOf(python);
  const program = join(home, 'bin', 'python');
  if (isExecutable(program)) return program;
  // Made beside its place, so that half an environment is never taken for one.
  const staging = `${home}-${process.pid}`;
  await mkdir(dirname(home), { recursive: true });
  try {
    await run(python, ['-m', 'venv', staging], { timeout: PATIENCE_IN_MS });
    const wanted = ['install', '--quiet', '--only-binary', ':all:', '--requirement', REQUIREMENTS];
    await run(join(staging, 'bin', 'python'), ['-m', 'pip', ...wanted], { timeout: PATIENCE_IN_MS });
    await rename(staging, home);
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    throw new Error(`OpenAI's client for Python could not be installed (python3, venv, pip): ${why}`, { cause: error });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return program;
}

/** One for each version of Python and each list of packages. */
async function environmentOf(python: string): Promise<string> {
  const { stdout } = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const digest = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 12);
  return join(cacheDirectory(), 'python', `${stdout.trim()}-${digest}`);
}
