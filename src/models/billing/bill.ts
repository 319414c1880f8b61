import type { MeteredDoor, MeteredPurpose } from '../../../contract/metering.ts';
import type { MeteredCall, Payer } from '../../metering/meter.ts';
import type { Tab } from './tab.ts';

/** For whom a model works, and what for. */
export interface OnAccount {
  payer: Payer;
  purpose: MeteredPurpose;
  /** Absent = work in the background. */
  door?: MeteredDoor;
  characterId?: string | null;
  conversationId?: string | null;
}

/** Why a model works and nobody is charged. */
export type UnbilledReason =
  /** Whoever ordered the reply meters it as a whole. */
  | 'metered-by-who-ordered'
  /** Benchmarks and tests without books. */
  | 'measurement';

/** Who pays for what a model does: whoever wants to ask one says so first. */
export type Bill =
  /** Money is set aside and settled by the models' own room. With a tab, much that belongs together is one bill. */
  | { account: OnAccount; tab?: Tab }
  /** Whoever asks has set money aside, and settles it. */
  | { metered: Pick<MeteredCall, 'id'> }
  | { unbilled: UnbilledReason };
