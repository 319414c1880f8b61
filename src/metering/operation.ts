import type { Usage } from '../../contract/metering.ts';
import type { Row } from '../storage/schema.ts';
import type { CallEnd } from './meter.ts';

export type MeteredCallRow = Row<'meteredCall'>;

/** What can be done to the books. Each names the account it is about, which is locked before the call. */
export type Operation =
  | { type: 'begin'; accountId: string; call: MeteredCallRow }
  /** How far a call came; `more` is set aside besides. */
  | { type: 'note'; accountId: string; id: string; usage: Usage; more: number; expiresAt: number; at: number }
  | { type: 'settle'; accountId: string; id: string; end: CallEnd; at: number }
  | { type: 'void'; accountId: string; id: string; end: VoidEnd; at: number }
  /** Bills what was noted of a call that nobody settled, if it was not touched since it was found. */
  | { type: 'expire'; accountId: string; id: string; expiresAt: number; at: number }
  | ({ type: 'credit'; at: number } & Credit);

export type VoidEnd = Pick<CallEnd, 'outcome' | 'errorCode' | 'durationInMs' | 'attempts'>;

/** Money that comes to an account or leaves it without a call. */
export interface Credit {
  accountId: string;
  /** Negative = taken back: never what is spent or set aside already. */
  amount: number;
  kind: 'credit' | 'correction' | 'grant' | 'lapse';
  /** What has happened under a key does not happen again. */
  key?: string | null;
  actorId: string | null;
  note: string;
}
