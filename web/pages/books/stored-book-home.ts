import type { LorebookBody } from '../../../contract/lore.ts';
import type { LorebookChange } from '../../../contract/lorebook-changes.ts';
import { api } from '../../state/api.ts';
import type { DraftHome } from './book-draft.ts';

/** A book of its own: changes travel in steps. */
export class StoredBookHome implements DraftHome {
  readonly #id: string;
  readonly #onSaved: () => void;
  #revision: number;

  constructor({ id, revision }: { id: string; revision: number }, onSaved: () => void) {
    this.#id = id;
    this.#revision = revision;
    this.#onSaved = onSaved;
  }

  async save(changes: readonly LorebookChange[]): Promise<void> {
    const params = { id: this.#id };
    const expectedRevision = this.#revision;
    const [only] = changes;
    if (changes.length === 1 && only?.type === 'entry-edit' && only.uids.length === 1) {
      const [uid = ''] = only.uids;
      const body = { expectedRevision, fields: only.fields };
      const { book } = await api.call('saveLoreEntry', { params: { ...params, uid }, body });
      this.#revision = book.revision;
    } else {
      const body = { expectedRevision, changes: [...changes] };
      this.#revision = (await api.call('changeLorebook', { params, body })).revision;
    }
    this.#onSaved();
  }

  async reload(): Promise<LorebookBody> {
    const { revision, body } = await api.call('lorebook', { params: { id: this.#id } });
    this.#revision = revision;
    return body;
  }
}
