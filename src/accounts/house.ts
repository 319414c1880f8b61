import { houseSettingsSchema, type HouseSettings } from '../../contract/accounts.ts';
import { readSetting, writeSetting } from '../storage/setting-store.ts';
import type { Db } from '../storage/storage.ts';
import { requireOwner, type Actor } from './actor.ts';

const SIGN_UP = { scope: 'house', key: 'signUp' } as const;
const HTTPS = { scope: 'house', key: 'https' } as const;

/** Settings of the whole house. New people need an invitation until the owner says otherwise. */
export class House {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async settings(): Promise<HouseSettings> {
    const stored = await readSetting(this.#db, SIGN_UP);
    return houseSettingsSchema.parse({ signUp: stored === undefined ? 'invitation' : JSON.parse(stored) });
  }

  async change(actor: Actor, { signUp }: { signUp?: HouseSettings['signUp'] | undefined }): Promise<HouseSettings> {
    requireOwner(actor);
    if (signUp !== undefined) await writeSetting(this.#db, { ...SIGN_UP, value: JSON.stringify(signUp) });
    return this.settings();
  }

  /** Whether the owner wants other devices of the network let in over TLS. */
  async https(): Promise<boolean> {
    return (await readSetting(this.#db, HTTPS)) === 'true';
  }

  async setHttps(actor: Actor, enabled: boolean): Promise<void> {
    requireOwner(actor);
    await writeSetting(this.#db, { ...HTTPS, value: JSON.stringify(enabled) });
  }
}
