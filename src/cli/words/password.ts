import { createInterface } from 'node:readline';
import { text as readAll } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { passwordSchema, usernameSchema } from '../../../contract/accounts.ts';
import { AbortedError, InvalidInputError } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import type { CliContext } from '../cli-context.ts';
import { withHouse } from '../connect.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readConfig } from '../word-config.ts';

export interface PasswordFlags extends ConfigFlags {
  username?: string;
  passwordStdin?: boolean;
}

/** Sets what the owner signs in with. Who reads the owner's files need not know the password before. */
export async function passwordWord(context: CliContext, flags: PasswordFlags): Promise<ExitCode> {
  const { terminal, texts, interrupts } = context;
  const config = readConfig(context, flags);
  const username = parseUsername(flags.username ?? (await askUsername(context)));
  const password = parsePassword(flags.passwordStdin ? await readPassword(context) : await askPassword(context));
  using interrupt = interrupts.signal();
  const { signal } = interrupt;
  const me = await withHouse(context, { config, wake: false, signal }, (client) =>
    client.call('setPassword', { body: { username, password }, signal }),
  );
  terminal.print(texts.passwordSet(me.username ?? username));
  return EXIT.done;
}

/** The first line, so that `echo secret | …` works. */
async function readPassword({ stdin }: CliContext): Promise<string> {
  return (await readAll(stdin)).split(/\r?\n/, 1)[0] ?? '';
}

async function askUsername(context: CliContext): Promise<string> {
  const { stdin, texts } = context;
  if (!stdin.isTTY) throw new InvalidInputError(texts.usernameMissing, { code: 'username-missing', field: 'username' });
  return ask(context, { question: texts.askUsername, hidden: false });
}

async function askPassword(context: CliContext): Promise<string> {
  const { stdin, texts } = context;
  if (!stdin.isTTY) throw new InvalidInputError(texts.passwordMissing, { code: 'password-missing', field: 'password' });
  const first = parsePassword(await ask(context, { question: texts.askPassword, hidden: true }));
  const again = await ask(context, { question: texts.askPasswordAgain, hidden: true });
  if (first !== again) throw new InvalidInputError(texts.passwordsDiffer, { code: 'passwords-differ' });
  return first;
}

/** One line from the person at the terminal; hidden ones are not shown while they are typed. */
async function ask(
  { stdin, terminal }: CliContext,
  { question, hidden }: { question: string; hidden: boolean },
): Promise<string> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: hidden ? silence : terminal.notes, terminal: true });
  if (hidden) terminal.notes.write(question);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  lines.question(question, resolve);
  lines.once('SIGINT', () => reject(new AbortedError()));
  lines.once('close', () => reject(new AbortedError()));
  try {
    return await promise;
  } finally {
    lines.close();
    if (hidden) terminal.notes.write('\n');
  }
}

function parseUsername(text: string): string {
  const parsed = usernameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    'The name for signing in must have 2 to 40 letters, digits, dots, dashes or underscores, and begin with a letter or digit.',
    { field: 'username' },
  );
}

function parsePassword(text: string): string {
  if (passwordSchema.safeParse(text).success) return text;
  throw new InvalidInputError('The password must have 8 to 256 characters.', { field: 'password' });
}
