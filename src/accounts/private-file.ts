import { randomBytes } from 'node:crypto';
import { chmod, link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { ResourceError, errorMessage } from '../base/errors.ts';

const OWNER_ONLY = 0o600;
/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;

export interface PrivateFileOptions {
  path: string;
  make: () => string;
  isValid: (text: string) => boolean;
  /** What to do when others could have read it: close it again, or put a new secret in its place. */
  whenExposed: 'close' | 'remake';
}

export interface PrivateFile {
  text: string;
  /** True when others could read the file until now. */
  wasExposed: boolean;
}

/** Reads a secret from a file that only its owner may read, making it when it is missing. */
export async function readOrMakePrivateFile(options: PrivateFileOptions): Promise<PrivateFile> {
  const { path, make, isValid, whenExposed } = options;
  try {
    const found = await readPrivateFile(path);
    if (!found) return { text: await createOnce(path, make()), wasExposed: false };
    if (found.wasExposed && whenExposed === 'remake') return { text: await replace(path, make()), wasExposed: true };
    if (found.wasExposed) await chmod(path, OWNER_ONLY);
    if (isValid(found.text)) return found;
    if (whenExposed === 'remake') return { text: await replace(path, make()), wasExposed: found.wasExposed };
  } catch (error) {
    throw new ResourceError(`The file ${path} cannot be used: ${errorMessage(error)}`, {
      code: 'private-file',
      cause: error,
    });
  }
  throw new ResourceError(`The file ${path} is damaged. Put it back from a backup.`, { code: 'private-file' });
}

/** Undefined when there is no such file. */
export async function readPrivateFile(path: string): Promise<PrivateFile | undefined> {
  try {
    const { mode } = await stat(path);
    return { text: (await readFile(path, 'utf8')).trim(), wasExposed: (mode & OTHERS) !== 0 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of two processes that make it at the same time, both get the first one's secret. */
async function createOnce(path: string, text: string): Promise<string> {
  const temporary = await writeTemporary(path, text);
  try {
    await link(temporary, path);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(path, 'utf8')).trim();
  } finally {
    await rm(temporary, { force: true });
  }
}

async function replace(path: string, text: string): Promise<string> {
  await rename(await writeTemporary(path, text), path);
  return text;
}

async function writeTemporary(path: string, text: string): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(temporary, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}
