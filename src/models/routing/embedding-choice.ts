import { z } from 'zod';
import { readSetting, writeSetting } from '../../storage/setting-store.ts';
import type { Db } from '../../storage/storage.ts';

const SETTING = { scope: 'house', key: 'embeddingModel' } as const;

const choiceSchema = z.object({
  /** `automatic`: nobody chose, so the best that is installed; `none`: memory is to stay lexical; else a model's ref. */
  model: z.string(),
  /** Of providers' models that were chosen once, as their first answers had them: vectors of them may still be there. */
  dimensions: z.record(z.string(), z.int().positive()),
});
export type EmbeddingChoiceValue = z.infer<typeof choiceSchema>;

/** Which embedding model the owner wants. */
export class EmbeddingChoice {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async read(): Promise<EmbeddingChoiceValue> {
    const text = await readSetting(this.#db, SETTING);
    return text === undefined ? { model: 'automatic', dimensions: {} } : choiceSchema.parse(JSON.parse(text));
  }

  async write(value: EmbeddingChoiceValue): Promise<void> {
    await writeSetting(this.#db, { ...SETTING, value: JSON.stringify(value) });
  }
}
