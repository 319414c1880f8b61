import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { projectRoot } from './project-root.ts';
import { runTool, type ToolOptions, type ToolResult } from './run-tool.ts';

/**
 * `./everwith check [--fix]`: every static check at once. Prints one line per tool as it ends and the
 * words of those that failed; exits 1 if any did. `--fix` lets the formatter and the linter repair first.
 */
const modules = join(projectRoot, 'node_modules');

function nodeTool(name: string, args: string[]): ToolOptions {
  return { name, command: process.execPath, args };
}

const formatter = join(modules, 'oxfmt/bin/oxfmt');
const linter = join(modules, 'oxlint/bin/oxlint');

const tools: ToolOptions[] = [
  nodeTool('types (server)', [join(modules, 'typescript/bin/tsc'), '-p', 'tsconfig.json']),
  // Browser tests hand functions to the page: they alone see both worlds.
  nodeTool('types (e2e)', [join(modules, 'typescript/bin/tsc'), '-p', 'tsconfig.e2e.json']),
  nodeTool('types (web)', [join(modules, 'typescript/bin/tsc'), '-p', 'tsconfig.web.json']),
  nodeTool('lint', [linter, '--deny-warnings']),
  nodeTool('format', [formatter, '--check']),
  nodeTool('dead code', [join(modules, 'knip/bin/knip.js'), '--no-progress']),
  nodeTool('import fence', [join(projectRoot, 'scripts/check-imports.ts')]),
  { name: 'launcher syntax', command: 'sh', args: ['-n', 'everwith'] },
];

async function repair(): Promise<void> {
  for (const tool of [nodeTool('lint --fix', [linter, '--fix']), nodeTool('format', [formatter])]) {
    await runTool(tool);
  }
}

function report({ name, code, milliseconds }: ToolResult): void {
  const verdict = code === 0 ? styleText('green', 'ok    ') : styleText('red', 'failed');
  console.log(`${verdict}  ${name.padEnd(16)}${(milliseconds / 1000).toFixed(1).padStart(6)} s`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fix: { type: 'boolean', default: false } } });
  if (values.fix) await repair();
  const results = await Promise.all(
    tools.map(async (tool) => {
      const result = await runTool(tool);
      report(result);
      return result;
    }),
  );
  const failed = results.filter(({ code }) => code !== 0);
  for (const { name, output } of failed) {
    console.log(`\n${styleText('bold', `── ${name} ──`)}\n${output.trim()}`);
  }
  const total = `${results.length - failed.length} of ${results.length} checks passed`;
  console.log(failed.length > 0 ? `\n${total}; failed: ${failed.map(({ name }) => name).join(', ')}` : `\n${total}`);
  if (failed.length > 0) process.exitCode = 1;
}

await main();
