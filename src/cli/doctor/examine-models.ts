import { errorMessage } from '../../base/errors.ts';
import type { Config } from '../../config/config.ts';
import { loadCatalog, type ModelEntry } from '../../models/catalog/catalog.ts';
import { chooseInstalled, chooseRecommended } from '../../models/catalog/choose-models.ts';
import { createDownloads } from '../../models/catalog/downloads.ts';
import { describeMachine } from '../../models/catalog/machine.ts';
import type { CliContext } from '../cli-context.ts';
import { formatBytes } from '../terminal.ts';
import type { Finding } from './finding.ts';

/** The machine, the model that answers and why, what this machine could run, and the package client. */
export async function examineModels(
  context: CliContext,
  { config, chosen, signal }: { config: Config; chosen: string | null; signal: AbortSignal },
): Promise<Finding[]> {
  const { clock, environment, locale, texts } = context;
  const { doctor } = texts;
  const { cacheDirectory } = config;
  await using downloads = createDownloads({ catalog: await loadCatalog(), cacheDirectory, environment, clock });
  const [machine, entries, statuses] = await Promise.all([
    describeMachine(cacheDirectory),
    downloads.entries(),
    downloads.status(),
  ]);
  const installed = new Set(statuses.filter(({ state }) => state === 'installed').map(({ id }) => id));
  const { cpu, cores, ramGiB, freeDiskGiB, gpu } = machine;
  const findings: Finding[] = [
    { name: 'machine', state: 'ok', text: doctor.machine(cpu, cores, ramGiB.toFixed(1), gpu ?? doctor.noGpu) },
    { name: 'cache', state: 'ok', text: doctor.cache(cacheDirectory, formatBytes(freeDiskGiB * 1024 ** 3)) },
    describeChoice(context, {
      chosen,
      entries,
      installed,
      fallback: chooseInstalled({ entries, installed, locale, machine }),
    }),
  ];
  const recommended = chooseRecommended({ entries, machine, locale });
  if (recommended) {
    const { id, label, sizeBytes } = recommended;
    const here = installed.has(id) ? doctor.here : doctor.fetchIt(id);
    findings.push({ name: 'recommended', state: 'ok', text: `${label} (${formatBytes(sizeBytes)}): ${here}` });
  }
  findings.push(await examinePip(context, () => downloads.pip(signal)));
  return findings;
}

function describeChoice(
  { texts }: CliContext,
  {
    chosen,
    entries,
    installed,
    fallback,
  }: {
    chosen: string | null;
    entries: readonly ModelEntry[];
    installed: ReadonlySet<string>;
    fallback: ModelEntry | null;
  },
): Finding {
  const { doctor } = texts;
  const labelOf = (id: string) => entries.find((entry) => entry.id === id)?.label ?? id;
  if (chosen !== null && !chosen.startsWith('local:')) {
    return { name: 'model', state: 'ok', text: doctor.modelChosen(chosen) };
  }
  const id = chosen?.slice('local:'.length);
  if (id !== undefined && installed.has(id)) {
    return { name: 'model', state: 'ok', text: doctor.modelChosen(labelOf(id)) };
  }
  if (fallback) {
    const text = id === undefined ? doctor.modelBest(fallback.label) : doctor.modelInstead(labelOf(id), fallback.label);
    return { name: 'model', state: 'ok', text };
  }
  return { name: 'model', state: 'warning', text: doctor.modelNone, remedy: doctor.modelRemedy };
}

async function examinePip({ texts }: CliContext, find: () => Promise<readonly string[]>): Promise<Finding> {
  try {
    return { name: 'pip', state: 'ok', text: (await find()).join(' ') };
  } catch (error) {
    return { name: 'pip', state: 'warning', text: errorMessage(error), remedy: texts.doctor.pipRemedy };
  }
}
