import { existsSync } from 'node:fs';
import { mkdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface SwapOptions {
  dataDirectory: string;
  /** A folder on the same disk with the new entries. */
  staged: string;
  /** Where the old ones go; made when there are any. */
  aside: string;
  /** Entries that leave, whether or not a new one takes their place. */
  leaving: readonly string[];
  /** Entries that come. */
  coming: readonly string[];
}

export interface Swap {
  /** Puts everything back as it was. */
  undo(): Promise<void>;
}

/** Replaces entries of a data folder by renames only; when one fails, the earlier ones are taken back. */
export async function swapEntries({ dataDirectory, staged, aside, leaving, coming }: SwapOptions): Promise<Swap> {
  const done: { from: string; to: string }[] = [];
  const undo = async () => {
    for (const { from, to } of done.splice(0).toReversed()) await rename(to, from);
    await rmdir(aside).catch(() => undefined);
  };
  const move = async (from: string, to: string) => {
    if (!existsSync(from)) return;
    await rename(from, to);
    done.push({ from, to });
  };
  try {
    const old = leaving.filter((name) => existsSync(join(dataDirectory, name)));
    if (old.length > 0) await mkdir(aside, { mode: 0o700 });
    for (const name of old) await move(join(dataDirectory, name), join(aside, name));
    for (const name of coming) await move(join(staged, name), join(dataDirectory, name));
    return { undo };
  } catch (error) {
    await undo();
    throw error;
  }
}
