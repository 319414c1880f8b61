import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../client/create-client.ts';
import type { ModelsOverview } from '../../contract/models.ts';
import { UnavailableError } from '../base/errors.ts';
import { describeFetch } from './describe-models.ts';
import type { Texts } from './locales/en.ts';
import type { Terminal } from './terminal.ts';

const LOOK_EVERY_MS = 500;

export type ModelStart = ModelsOverview & { active: NonNullable<ModelsOverview['active']> };

/**
 * Waits until the house has a model that can answer, showing how its download goes. Throws `UnavailableError` with the
 * house's own reason when there will be none.
 */
export async function followStart({
  client,
  terminal,
  texts,
  signal,
}: {
  client: ApiClient;
  terminal: Terminal;
  texts: Texts;
  signal: AbortSignal;
}): Promise<ModelStart> {
  try {
    for (;;) {
      const overview = await client.call('models', { signal });
      const { active, start } = overview;
      if (active !== null) return { ...overview, active };
      if (start.phase === 'stuck') {
        throw new UnavailableError(start.error?.message ?? texts.noChoices, { code: start.error?.code ?? 'no-model' });
      }
      const fetched = overview.models.find(({ id }) => id === start.modelId);
      const { text, step } =
        start.phase === 'fetching' && fetched
          ? describeFetch(fetched, texts)
          : { text: texts.probing, step: 'probing' };
      terminal.progress(text, step);
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  } finally {
    terminal.endProgress();
  }
}
