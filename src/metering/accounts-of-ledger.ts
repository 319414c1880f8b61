import type { Payer } from './meter.ts';

/** Where the house's earnings go: what users pay is added here. */
export const REVENUE_ACCOUNT = 'house:revenue';
/** Where credits come from. */
export const CREDIT_ACCOUNT = 'house:credit';

export function accountOf({ userId, teamId }: Pick<Payer, 'userId' | 'teamId'>): string {
  return teamId === null ? `user:${userId}` : `team:${teamId}`;
}
