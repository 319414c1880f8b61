import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { routesFileSchema, type ModelRoute } from '../../../../contract/routes.ts';
import { errorMessage } from '../../../base/errors.ts';

/** Between two looks at the file, milliseconds. Watching its folder would wake the house at every write of the database. */
const LOOK_EVERY_MS = 500;

/** What the file says, or why it cannot be used. */
export type FileReading = { routes: readonly ModelRoute[] } | { error: string };

/** `routes.yaml` in the data folder: routes for whoever keeps their configuration in files. */
export class RoutesFile implements Disposable {
  readonly path: string;
  #listener: (() => void) | null = null;

  constructor(dataDirectory: string) {
    this.path = join(dataDirectory, 'routes.yaml');
  }

  /** A file that is not there says that there are no routes. */
  async read(): Promise<FileReading> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { routes: [] };
      return { error: `${this.path} cannot be read: ${errorMessage(error)}` };
    }
    try {
      const { parse } = await import('yaml');
      const parsed = routesFileSchema.safeParse(parse(text) ?? { routes: [] });
      if (parsed.success) return { routes: parsed.data.routes };
      return { error: `${this.path} is not right: ${z.prettifyError(parsed.error)}` };
    } catch (error) {
      return { error: `${this.path} is not YAML: ${errorMessage(error)}` };
    }
  }

  /** Calls `onChange` soon after the file came, changed or went. */
  watch(onChange: () => void): void {
    this.#listener = onChange;
    watchFile(this.path, { interval: LOOK_EVERY_MS, persistent: false }, onChange);
  }

  [Symbol.dispose](): void {
    if (this.#listener) unwatchFile(this.path, this.#listener);
  }
}
