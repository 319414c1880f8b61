import type { CharacterBook } from '../../../contract/books.ts';
import { lorebookBodySchema, type LorebookBody } from '../../../contract/lore.ts';
import type { LorebookChange } from '../../../contract/lorebook-changes.ts';
import { api } from '../../state/api.ts';
import type { DraftHome } from './book-draft.ts';

/** A book inside a card: saved whole, as a new version of the character. */
export class CardBookHome implements DraftHome {
  readonly #characterId: string;
  readonly #onSaved: (saved: CharacterBook) => void;
  #versionId: string;

  constructor({ characterId, versionId }: CharacterBook, onSaved: (saved: CharacterBook) => void) {
    this.#characterId = characterId;
    this.#versionId = versionId;
    this.#onSaved = onSaved;
  }

  get versionId(): string {
    return this.#versionId;
  }

  async save(_changes: readonly LorebookChange[], body: LorebookBody): Promise<void> {
    const saved = await api.call('saveCharacterBook', {
      params: { id: this.#characterId },
      body: { body, expectedVersionId: this.#versionId },
    });
    this.#versionId = saved.versionId;
    this.#onSaved(saved);
  }

  async reload(): Promise<LorebookBody> {
    const { versionId, body } = await api.call('characterBook', { params: { id: this.#characterId } });
    this.#versionId = versionId;
    return body ?? lorebookBodySchema.parse({});
  }
}
