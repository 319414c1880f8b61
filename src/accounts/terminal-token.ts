import { createHash, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { newSecret } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import { readOrMakePrivateFile, readPrivateFile } from './private-file.ts';

const FORM = /^[\w-]{43}$/;

/** Whoever can read the owner's files acts as the owner: that is what the terminal proves. */
export interface TerminalToken {
  matches(candidate: string): boolean;
}

/** Reads the token of a data folder, made at the first start and anew when others could have read it. */
export async function openTerminalToken({
  dataDirectory,
  logger,
}: {
  dataDirectory: string;
  logger: Logger;
}): Promise<TerminalToken> {
  const path = terminalTokenPath(dataDirectory);
  const { text, wasExposed } = await readOrMakePrivateFile({
    path,
    make: newSecret,
    isValid: (found) => FORM.test(found),
    whenExposed: 'remake',
  });
  if (wasExposed) logger.warn({ path }, 'the terminal token was readable by others and was replaced');
  const wanted = digest(text);
  // Every call with an API key passes here; how long the token is is no secret.
  return { matches: (candidate) => candidate.length === text.length && timingSafeEqual(digest(candidate), wanted) };
}

/** For the terminal itself; undefined before the first start. */
export async function readTerminalToken(dataDirectory: string): Promise<string | undefined> {
  return (await readPrivateFile(terminalTokenPath(dataDirectory)))?.text;
}

function terminalTokenPath(dataDirectory: string): string {
  return join(dataDirectory, 'terminal-token');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
