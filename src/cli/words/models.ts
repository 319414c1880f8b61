import { isAbsolute, resolve } from 'node:path';
import type { CatalogModel, ModelsOverview } from '../../../contract/models.ts';
import type { ConfigFlags } from '../../config/config.ts';
import type { CliContext } from '../cli-context.ts';
import { withHouse } from '../connect.ts';
import { describeActive, describeFetch } from '../describe-models.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openModelShelf, type ModelShelf } from '../model-shelf.ts';
import { formatBytes, padEnd, widthOf } from '../terminal.ts';
import { readConfig } from '../word-config.ts';

type ShelfWork = (shelf: ModelShelf, signal: AbortSignal) => Promise<ExitCode>;

async function withShelf(context: CliContext, flags: ConfigFlags, work: ShelfWork): Promise<ExitCode> {
  using interrupt = context.interrupts.signal();
  const { signal } = interrupt;
  await using shelf = await openModelShelf(context, { config: readConfig(context, flags), signal });
  return await work(shelf, signal);
}

export async function listModelsWord(context: CliContext, flags: ConfigFlags & { json?: boolean }): Promise<ExitCode> {
  const { terminal, interrupts } = context;
  using interrupt = interrupts.signal();
  const { signal } = interrupt;
  const [overview, choices] = await withHouse(
    context,
    { config: readConfig(context, flags), wake: false, signal },
    async (client) =>
      [await client.call('models', { signal }), (await client.call('modelChoices', { signal })).choices] as const,
  );
  if (flags.json) {
    const { models, defaultModel, active, machine } = overview;
    terminal.print(JSON.stringify({ models, defaultModel, active, machine }, null, 2));
    return EXIT.done;
  }
  const others = choices.filter(({ ref }) => !ref.startsWith('local:'));
  const rows = [
    ...overview.models.map((model) => modelRow(context, overview, model)),
    ...others.map(({ ref, label, place }) => [
      ref === overview.defaultModel ? '*' : '',
      ref,
      label,
      '',
      context.texts.places[place] ?? place,
    ]),
  ];
  terminal.print(rows.length === 0 ? context.texts.noModels : table(rows));
  return EXIT.done;
}

function modelRow({ texts }: CliContext, { defaultModel }: ModelsOverview, model: CatalogModel): string[] {
  const used = model.ref === defaultModel;
  const notes = [
    model.state === 'downloading' ? describeFetch(model, texts).text : texts.modelStates[model.state],
    used ? texts.inUse : '',
    model.recommendedHere ? texts.recommendedHere : '',
    model.fallback ? texts.standIn : '',
    model.licence,
  ];
  return [used ? '*' : '', model.id, model.label, formatBytes(model.sizeBytes), notes.filter(Boolean).join(' · ')];
}

function table(rows: readonly string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => padEnd(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function pullModelWord(context: CliContext, id: string, flags: ConfigFlags): Promise<ExitCode> {
  const { terminal, texts } = context;
  return withShelf(context, flags, async (shelf, signal) => {
    const onProgress = (state: Parameters<typeof describeFetch>[0]) => {
      const { text, step } = describeFetch(state, texts);
      terminal.progress(text, step);
    };
    const fetched = await shelf.pull(modelId(id), { onProgress, signal }).finally(() => terminal.endProgress());
    terminal.print(fetched ? texts.pulled(modelId(id)) : texts.alreadyHere(modelId(id)));
    return EXIT.done;
  });
}

export function addModelWord(context: CliContext, file: string, flags: ConfigFlags): Promise<ExitCode> {
  const path = isAbsolute(file) ? file : resolve(context.callerDirectory, file);
  return withShelf(context, flags, async (shelf, signal) => {
    const { id, label } = await shelf.add(path, signal);
    context.terminal.print(context.texts.added(label, id));
    return EXIT.done;
  });
}

export function removeModelWord(context: CliContext, id: string, flags: ConfigFlags): Promise<ExitCode> {
  return withShelf(context, flags, async (shelf, signal) => {
    await shelf.remove(modelId(id), signal);
    context.terminal.print(context.texts.removed(modelId(id)));
    return EXIT.done;
  });
}

/** Fails when any of the weights were damaged. */
export function verifyModelsWord(context: CliContext, id: string | undefined, flags: ConfigFlags): Promise<ExitCode> {
  const { terminal, texts } = context;
  return withShelf(context, flags, async (shelf, signal) => {
    const ids = id === undefined ? await shelf.installed(signal) : [modelId(id)];
    if (ids.length === 0) terminal.print(texts.nothingToVerify);
    let whole = true;
    for (const one of ids) {
      terminal.progress(texts.checking(one), one);
      const ok = await shelf.verify(one, signal).finally(() => terminal.endProgress());
      terminal.print(ok ? texts.verified(one) : texts.damaged(one));
      whole &&= ok;
    }
    return whole ? EXIT.done : EXIT.failed;
  });
}

export async function chooseModelWord(context: CliContext, ref: string, flags: ConfigFlags): Promise<ExitCode> {
  using interrupt = context.interrupts.signal();
  const { signal } = interrupt;
  const config = readConfig(context, flags);
  const { active } = await withHouse(context, { config, wake: false, signal }, async (client) => {
    const { choices } = await client.call('modelChoices', { signal });
    const known = choices.find((choice) => choice.ref === ref || choice.ref === `local:${ref}`);
    // One that is not there is asked for all the same: the server says best why it cannot be had.
    const body = { ref: known?.ref ?? (ref.includes(':') ? ref : `local:${ref}`) };
    return client.call('chooseDefaultModel', { body, signal });
  });
  context.terminal.print(context.texts.using(active ? describeActive(active, context.texts) : ref));
  return EXIT.done;
}

/** The list shows ids, other places references; both are understood. */
function modelId(text: string): string {
  return text.startsWith('local:') ? text.slice('local:'.length) : text;
}
