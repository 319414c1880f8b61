import { InvalidInputError } from '../base/errors.ts';
import { isLoopback, type Config } from '../config/config.ts';
import type { Accounts } from './accounts.ts';

/** Other machines may reach the house only once its owner has a password. */
export async function assertMayListen({
  config,
  accounts,
}: {
  config: Pick<Config, 'host'>;
  accounts: Pick<Accounts, 'ownerHasPassword'>;
}): Promise<void> {
  if (isLoopback(config.host) || (await accounts.ownerHasPassword())) return;
  throw new InvalidInputError(
    `Everwith listens on ${config.host} only once the owner has a password, because other machines can reach it there. Set one with “./everwith password”, then start again.`,
    { code: 'password-needed', field: 'host' },
  );
}
