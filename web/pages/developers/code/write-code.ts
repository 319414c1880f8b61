import type { CodeLanguage, CodeTarget, V1Example } from './v1-example.ts';
import { writeAiSdk } from './write-ai-sdk.ts';
import { writeCurl } from './write-curl.ts';
import { writeLangChain } from './write-langchain.ts';
import { writeNode } from './write-node.ts';
import { writePython } from './write-python.ts';

/** A program that asks for just this. */
export function writeCode(language: CodeLanguage, example: V1Example, target: CodeTarget): string {
  switch (toolkitOf(language, example)) {
    case 'curl':
      return writeCurl(example, target);
    case 'python':
      return writePython(example, target);
    case 'node':
      return writeNode(example, target);
    case 'langchain':
      return writeLangChain(example, target);
    default:
      return writeAiSdk(example, target);
  }
}

export interface CodeSetup {
  /** Brings what the program needs. */
  install: string;
  /** What the program is saved as, and starts it. */
  file: string;
  run: string;
}

const SETUPS: Readonly<Record<Exclude<CodeLanguage, 'curl'>, CodeSetup>> = {
  python: { install: 'pip install openai', file: 'example.py', run: 'python example.py' },
  node: { install: 'npm install openai', file: 'example.mjs', run: 'node example.mjs' },
  langchain: {
    install: 'npm install @langchain/openai @langchain/core',
    file: 'example.mjs',
    run: 'node example.mjs',
  },
  'ai-sdk': { install: 'npm install ai @ai-sdk/openai', file: 'example.mjs', run: 'node example.mjs' },
};

/** What the program of `writeCode` needs beforehand; null where it is a command of the shell. */
export function setupOf(language: CodeLanguage, example: V1Example): CodeSetup | null {
  const toolkit = toolkitOf(language, example);
  return toolkit === 'curl' ? null : SETUPS[toolkit];
}

/** LangChain has no place for speech: there OpenAI's own package stands in. */
function toolkitOf(language: CodeLanguage, { path }: V1Example): CodeLanguage {
  return language === 'langchain' && path === '/audio/speech' ? 'node' : language;
}
