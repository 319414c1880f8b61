import type { Actor } from '../../../accounts/actor.ts';
import type { Batches } from '../batches/batches.ts';
import type { Films } from '../media/films.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { ApiUploads } from './api-uploads.ts';
import type { ApiFiles } from './api-files.ts';

const PAGE = 100;

/** Files, batches and webhooks of a person: to take along, or to remove for good. */
export class KeptMedia {
  readonly #kept: { files: ApiFiles; uploads: ApiUploads; batches: Batches; webhooks: Webhooks; films: Films };

  constructor(kept: { files: ApiFiles; uploads: ApiUploads; batches: Batches; webhooks: Webhooks; films: Films }) {
    this.#kept = kept;
  }

  async purgeAllOf(userId: string): Promise<void> {
    const { files, uploads, batches, webhooks, films } = this.#kept;
    await uploads.purgeAllOf(userId);
    await batches.purgeAllOf(userId);
    await files.purgeAllOf(userId);
    await webhooks.purgeAllOf(userId);
    await films.purgeAllOf(userId);
  }

  /** What is told of them; the bytes of files are handed out by `/v1/files`. */
  async *belongings(actor: Actor): AsyncGenerator<{ name: string; file: object }> {
    const { files, batches, webhooks, films } = this.#kept;
    for (let after: string | undefined; ;) {
      const page = await files.list(actor, { purpose: undefined, limit: PAGE, order: 'asc', after });
      for (const file of page.data) yield { name: `files/${file.id}`, file };
      after = page.last_id;
      if (!page.has_more) break;
    }
    for (let after: string | undefined; ;) {
      const page = await batches.list(actor, { limit: PAGE, after });
      for (const batch of page.data) yield { name: `batches/${batch.id}`, file: batch };
      after = page.last_id;
      if (!page.has_more) break;
    }
    for await (const film of films.belongings(actor)) yield { name: `films/${film.id}`, file: film };
    const listed = await webhooks.list(actor);
    if (listed.webhooks.length > 0) yield { name: 'webhooks', file: listed };
  }
}
