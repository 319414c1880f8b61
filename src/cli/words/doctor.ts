import { errorMessage, isAbort } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import type { CliContext } from '../cli-context.ts';
import { examineData, examineServer, examineStorage, examineVersions } from '../doctor/examine-house.ts';
import { examineModels } from '../doctor/examine-models.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { padEnd, widthOf } from '../terminal.ts';
import { readConfig } from '../word-config.ts';

const MARKS = { ok: ' ', warning: '!', broken: '✗' } as const;

/** Looks at everything a house needs, changes nothing, and says of each problem what to do. Fails when one is broken. */
export async function doctorWord(context: CliContext, flags: ConfigFlags & { json?: boolean }): Promise<ExitCode> {
  const { terminal, texts, interrupts } = context;
  const config = readConfig(context, flags);
  using interrupt = interrupts.signal();
  const { signal } = interrupt;
  const { finding: storage, inspection } = await examineStorage(context, config);
  const findings: Finding[] = [
    ...(await examineVersions(context)),
    ...(await examineData(context, config)),
    await examineServer(context, config),
    storage,
    ...(await examineModels(context, { config, chosen: inspection?.defaultModel ?? null, signal }).catch(
      (error: unknown) => {
        if (isAbort(error)) throw error;
        const remedy = texts.doctor.cacheRemedy;
        return [{ name: 'models', state: 'broken', text: errorMessage(error), remedy } satisfies Finding];
      },
    )),
  ];
  const broken = findings.some(({ state }) => state === 'broken');
  if (flags.json) terminal.print(JSON.stringify({ healthy: !broken, findings }, null, 2));
  else printFindings(context, findings);
  return broken ? EXIT.failed : EXIT.done;
}

function printFindings({ terminal, texts }: CliContext, findings: readonly Finding[]): void {
  const label = (name: string) => texts.doctor.names[name] ?? name;
  const width = Math.max(...findings.map(({ name }) => widthOf(label(name))));
  for (const { name, state, text, remedy } of findings) {
    terminal.print(`${MARKS[state]} ${padEnd(label(name), width)}  ${text}`);
    if (remedy !== undefined) terminal.print(`  ${padEnd('', width)}  → ${remedy}`);
  }
  const problems = findings.filter(({ state }) => state !== 'ok').length;
  terminal.print(problems === 0 ? texts.doctor.allWell : texts.doctor.problems(problems));
}
