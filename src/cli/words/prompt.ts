import type { ApiClient } from '../../../client/create-client.ts';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import type { CliContext } from '../cli-context.ts';
import { withHouse } from '../connect.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { padEnd } from '../terminal.ts';
import { readConfig } from '../word-config.ts';

export interface PromptFlags extends ConfigFlags {
  conversation?: string;
  message?: string;
  next?: boolean;
  json?: boolean;
}

/** Prints what a model saw: of one reply, of a conversation's last one, or of the next. */
export async function renderPromptWord(context: CliContext, flags: PromptFlags): Promise<ExitCode> {
  const { terminal, texts } = context;
  if (flags.conversation === undefined && flags.message === undefined) {
    throw new InvalidInputError(texts.promptOfWhat, { field: 'conversation' });
  }
  using interrupt = context.interrupts.signal();
  const { signal } = interrupt;
  const options = { config: readConfig(context, flags), wake: false, signal };
  const record = await withHouse(context, options, (client) => readPrompt(client, { flags, signal }));
  if (flags.json) terminal.print(JSON.stringify(record, null, 2));
  else printPrompt(context, record);
  return EXIT.done;
}

async function readPrompt(
  client: ApiClient,
  { flags, signal }: { flags: PromptFlags; signal: AbortSignal },
): Promise<PromptRecord> {
  if (flags.message !== undefined) return client.call('messagePrompt', { params: { id: flags.message }, signal });
  const params = { id: flags.conversation ?? '' };
  if (!flags.next) {
    const { messages } = await client.call('messages', { params, query: { limit: 50 }, signal });
    const reply = messages.findLast(({ hasReceipt }) => hasReceipt);
    if (reply) return client.call('messagePrompt', { params: { id: reply.id }, signal });
  }
  return client.call('nextPrompt', { params, signal });
}

function printPrompt({ terminal, texts }: CliContext, record: PromptRecord): void {
  for (const { role, pieces } of record.messages) {
    terminal.print(`── ${role} ──`);
    terminal.print(pieces.map(({ text }) => text).join(''));
    terminal.print('');
  }
  const { tokens, segments, lore, dropped } = record;
  terminal.note(texts.promptHead(record.model.label, tokens.prompt, tokens.evaluated, record.order));
  for (const { kind, owner, tokens: count, stable } of segments) {
    terminal.note(`${padEnd(kind, 14)} ${String(count).padStart(7)}  ${stable ? '=' : '~'}  ${owner}`);
  }
  for (const { bookName, name, uid, reason, key } of lore.fired) {
    terminal.note(`+ ${bookName} · ${name || uid}: ${reason}${key === null ? '' : ` “${key}”`}`);
  }
  for (const { bookName, name, uid, reason } of lore.cut) terminal.note(`- ${bookName} · ${name || uid}: ${reason}`);
  for (const { kind, tokens: count, messages } of dropped) terminal.note(`- ${kind}: ${messages || count}`);
  if (!record.exact) terminal.note(texts.promptInexact);
}
