import type { Config } from '../config/config.ts';
import type { CliContext } from './cli-context.ts';

/** Only where a person sits in front of a screen. */
export async function openInBrowser(
  { environment, platform, openBrowser, terminal, texts }: CliContext,
  config: Config,
  url: string,
): Promise<void> {
  const remote = environment['SSH_CONNECTION'] !== undefined || environment['SSH_TTY'] !== undefined;
  const screen = platform !== 'linux' || Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
  if (!config.openBrowser || remote || !screen) return;
  terminal.note(texts.opening);
  await openBrowser(url).catch(() => undefined);
}
