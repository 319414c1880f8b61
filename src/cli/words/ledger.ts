import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ApiClient } from '../../../client/create-client.ts';
import { InvalidInputError, errorMessage } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import type { CliContext } from '../cli-context.ts';
import { withHouse } from '../connect.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { compareInvoice, readProviderInvoice, type InvoiceDifference } from '../ledger/provider-invoice.ts';
import { padEnd } from '../terminal.ts';
import { readConfig } from '../word-config.ts';

interface ReconcileFlags extends ConfigFlags {
  import?: string;
  json?: boolean;
}

const DAY_IN_MS = 24 * 3_600_000;

/** Compares the books with themselves, and with a provider's invoice; fails where something does not agree. */
export async function reconcileWord(context: CliContext, flags: ReconcileFlags): Promise<ExitCode> {
  const { terminal, texts } = context;
  const invoice = flags.import === undefined ? null : readProviderInvoice(await readInvoice(context, flags.import));
  return withBooks(context, flags, async (client, signal) => {
    const books = await client.call('reconcileBooks', { signal });
    const differing = invoice === null ? [] : await compareWith(client, { invoice, signal });
    if (flags.json) terminal.print(JSON.stringify({ ...books, invoice: differing }, null, 2));
    else {
      terminal.print(texts.ledgerSeen(books.accounts, books.entries, books.calls));
      for (const { check, id, expected, found } of books.differences) {
        terminal.print(`${padEnd(check, 16)} ${id}  ${expected} ≠ ${found}`);
      }
      for (const { day, model, unit, provider, house } of differing) {
        terminal.print(texts.ledgerInvoice(`${day} ${model} ${unit}`, provider, house));
      }
    }
    const isRight = books.differences.length + differing.length === 0;
    terminal.note(isRight ? texts.ledgerAgrees : texts.ledgerDiffers(books.differences.length + differing.length));
    return isRight ? EXIT.done : EXIT.failed;
  });
}

/** Prints every line of every entry as CSV. */
export async function exportLedgerWord(context: CliContext, flags: ConfigFlags): Promise<ExitCode> {
  return withBooks(context, flags, async (client, signal) => {
    const response = await client.open('/api/platform/ledger', { signal, accept: 'text/csv' });
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      context.terminal.output.write(decoder.decode(bytes, { stream: true }));
    }
    return EXIT.done;
  });
}

async function compareWith(
  client: ApiClient,
  { invoice, signal }: { invoice: ReturnType<typeof readProviderInvoice>; signal: AbortSignal },
): Promise<InvoiceDifference[]> {
  const days = invoice.map(({ day }) => Date.parse(day));
  if (days.length === 0) return [];
  // A day more at both ends: days of the house's time zone begin elsewhere.
  const from = Math.max(0, Math.min(...days) - DAY_IN_MS);
  const query = { by: 'ref', per: 'day', from, to: Math.max(...days) + 2 * DAY_IN_MS };
  return compareInvoice(invoice, await client.call('usageReport', { query, signal }));
}

async function readInvoice({ callerDirectory, texts }: CliContext, file: string): Promise<string> {
  try {
    return await readFile(resolve(callerDirectory, file), 'utf8');
  } catch (error) {
    throw new InvalidInputError(texts.ledgerNoFile(file, errorMessage(error)), { field: 'import', cause: error });
  }
}

async function withBooks(
  context: CliContext,
  flags: ConfigFlags,
  work: (client: ApiClient, signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  using interrupt = context.interrupts.signal();
  const { signal } = interrupt;
  const options = { config: readConfig(context, flags), wake: false, signal };
  return await withHouse(context, options, (client) => work(client, signal));
}
