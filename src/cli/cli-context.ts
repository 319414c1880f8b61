import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Config } from '../config/config.ts';
import type { Interrupts } from './interrupts.ts';
import type { Texts } from './locales/en.ts';
import type { Terminal } from './terminal.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A server of this process. Disposing drains it. */
export interface ServedHouse extends AsyncDisposable {
  /** For example `http://127.0.0.1:4321`. */
  address: string;
}

export interface ServeOptions {
  config: Config;
  logger: Logger;
  clock: Clock;
  environment: Environment;
  /** False leaves out what the house does by itself, such as fetching a first model. */
  wake?: boolean;
  /** True when a word only borrows the house for a moment. */
  passing?: boolean;
}

/** What the words of the terminal may use; `main.ts` makes it once. */
export interface CliContext {
  environment: Environment;
  platform: NodeJS.Platform;
  /** Where the caller stands: relative paths start here, not in the project. */
  callerDirectory: string;
  stdin: NodeJS.ReadStream;
  terminal: Terminal;
  interrupts: Interrupts;
  texts: Texts;
  /** The language of the terminal. */
  locale: 'en' | 'zh-CN';
  clock: Clock;
  /** Where the built browser app lies. */
  webDirectory: string;
  serve: (options: ServeOptions) => Promise<ServedHouse>;
  openBrowser: (url: string) => Promise<void>;
}
