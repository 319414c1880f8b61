import type { HttpsStatus } from '../../../contract/house.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import type { CliContext } from '../cli-context.ts';
import { withHouse } from '../connect.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readConfig } from '../word-config.ts';

/** Shows, opens or shuts the house's own HTTPS for other devices of the network. */
export async function httpsWord(
  context: CliContext,
  asked: string | undefined,
  flags: ConfigFlags & { json?: boolean },
): Promise<ExitCode> {
  const { terminal, texts } = context;
  if (asked !== undefined && asked !== 'on' && asked !== 'off') {
    throw new InvalidInputError(texts.httpsUnknown(asked), { field: 'state' });
  }
  using interrupt = context.interrupts.signal();
  const { signal } = interrupt;
  const config = readConfig(context, flags);
  const status = await withHouse(context, { config, wake: false, signal }, (client) =>
    asked === undefined
      ? client.call('https', { signal })
      : client.call('setHttps', { body: { enabled: asked === 'on' }, signal }),
  );
  if (flags.json) terminal.print(JSON.stringify(status, null, 2));
  else printStatus(context, status);
  return EXIT.done;
}

function printStatus({ terminal, texts }: CliContext, { enabled, addresses, fingerprint, error }: HttpsStatus): void {
  if (error !== null) terminal.note(error.message);
  if (!enabled) return terminal.print(texts.httpsOff);
  for (const address of addresses) terminal.print(address);
  if (fingerprint !== null) {
    terminal.print(`SHA-256 ${fingerprint}`);
    terminal.note(texts.httpsSteps(`${addresses[0] ?? ''}/api/house/certificate`));
  }
}
