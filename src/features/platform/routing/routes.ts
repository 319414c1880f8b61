import type { ModelRoute, RoutesView } from '../../../../contract/routes.ts';
import { requireOwner, type Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { Db } from '../../../storage/storage.ts';
import type { PlatformModels } from '../platform-models.ts';
import { deleteRoute, listRoutes, putRoute } from './route-store.ts';
import type { Router } from './router.ts';
import type { RoutesFile } from './routes-file.ts';

export interface RoutesOptions {
  db: Db;
  clock: Clock;
  logger: Logger;
  router: Router;
  models: PlatformModels;
  file: RoutesFile;
}

/** Routes as the owner sets them up: in the app, and in a file that counts where both name one. */
export class Routes {
  readonly #options: RoutesOptions;
  #own: readonly ModelRoute[] = [];
  #fromFile: readonly ModelRoute[] = [];
  #fileError: string | null = null;

  constructor(options: RoutesOptions) {
    this.#options = options;
  }

  /** Loads what there is, and takes over what changes in the file. */
  async start(): Promise<void> {
    const { db, file, logger } = this.#options;
    this.#own = await listRoutes(db);
    await this.#readFile();
    file.watch(() => {
      this.#readFile().catch((error: unknown) => logger.error({ err: error }, 'the file of routes was not taken over'));
    });
  }

  list(actor: Actor): RoutesView {
    requireOwner(actor);
    const view = (source: 'app' | 'file') => (route: ModelRoute) => ({
      route,
      source,
      targets: route.targets.map(({ ref }) => this.#options.router.health(ref)),
    });
    return {
      routes: [...this.#fromFile.map(view('file')), ...this.#shownOwn().map(view('app'))],
      fileError: this.#fileError,
    };
  }

  async save(actor: Actor, route: ModelRoute): Promise<RoutesView> {
    requireOwner(actor);
    this.#requireNotInFile(route.name);
    const known = await this.#options.models.refs();
    const unknown = route.targets.findIndex(({ ref }) => !known.has(ref));
    if (unknown >= 0) {
      const { ref } = route.targets[unknown] ?? { ref: '' };
      throw new InvalidInputError(`“${ref}” is no model of this house. GET /api/models/choices lists what there is.`, {
        code: 'target-unknown',
        field: `targets.${unknown}.ref`,
      });
    }
    const { db, clock } = this.#options;
    await putRoute(db, { route, now: clock.now() });
    await this.#reload();
    return this.list(actor);
  }

  async remove(actor: Actor, name: string): Promise<RoutesView> {
    requireOwner(actor);
    this.#requireNotInFile(name);
    if (!(await deleteRoute(this.#options.db, name))) throw new NotFoundError('There is no such route.');
    await this.#reload();
    return this.list(actor);
  }

  async #reload(): Promise<void> {
    this.#own = await listRoutes(this.#options.db);
    this.#use();
  }

  /** A file that is not right leaves what counted before. */
  async #readFile(): Promise<void> {
    const reading = await this.#options.file.read();
    if ('error' in reading) {
      this.#fileError = reading.error;
      this.#options.logger.warn({ reason: reading.error }, 'the file of routes is not right: the last good one counts');
    } else {
      this.#fileError = null;
      this.#fromFile = reading.routes;
    }
    this.#use();
  }

  #use(): void {
    this.#options.router.use([...this.#fromFile, ...this.#shownOwn()]);
  }

  #shownOwn(): ModelRoute[] {
    const taken = new Set(this.#fromFile.map(({ name }) => name));
    return this.#own.filter(({ name }) => !taken.has(name));
  }

  #requireNotInFile(name: string): void {
    if (!this.#fromFile.some((route) => route.name === name)) return;
    throw new ConflictError(`The route “${name}” stands in ${this.#options.file.path}: change it there.`, {
      code: 'route-in-file',
      field: 'name',
    });
  }
}
