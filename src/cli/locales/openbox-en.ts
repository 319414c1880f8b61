/** What `everwith eval openbox` says. `openbox-zh-cn.ts` has the same keys. */
export const openboxEn = {
  help: {
    eval: 'measure what models and memory can do',
    openbox: 'ask a model the frozen developer tasks of evals/openbox and count what just works',
    model: 'model to ask, as `GET /v1/models` names it',
    baseUrl: 'another OpenAI-compatible server, with /v1 (default: the house of this data folder)',
    key: 'API key for --base-url (default: OPENAI_API_KEY)',
    speechModel: 'model for the tasks of speech (default: tts-1)',
    sample: 'part of the tasks, each category in proportion, for example 10% (default: all)',
    seed: 'another part for another number (default: 1)',
    categories: 'only these, with commas',
    concurrency: 'requests at once (default: 1)',
    why: 'say of every task that failed what it missed',
    noKeep: 'do not keep the result in the house',
    more: 'Nothing is tuned for a model: each task is sent once, as a developer would first write it. Ctrl-C stops and keeps what is finished. `everwith eval memory --help` and `everwith eval citations --help` measure other things.',
  },
  categories: {
    tools: 'Tools',
    schemas: 'Schemas',
    'long-context': 'Long context',
    personas: 'Personas',
    scripts: 'Scripts for several',
    refusals: 'Refusal traps',
    extraction: 'Extraction',
    planning: 'Planning',
    voice: 'Words to be spoken',
    speech: 'Speech',
    instructions: 'Instructions',
  } as Record<string, string>,
  languages: { en: 'English', zh: 'Chinese' } as Record<string, string>,
  all: 'All',
  head: ['', 'tasks', 'passed', '95 % interval', 'wrong', 'errors'],
  begin: (tasks: number, of: number, version: string, model: string) =>
    `${tasks} of ${of} tasks (version ${version}) for ${model}`,
  progress: (done: number, of: number, passed: number, errors: number) =>
    `${done} of ${of}: ${passed} passed, ${errors} errors`,
  wrongSample: (value: string) => `“${value}” is no part: write 10% or 0.1, more than nothing and at most everything.`,
  wrongNumber: (option: string, value: string, least: number, most: number) =>
    `“${value}” is no number for --${option}: it takes ${least} to ${most}.`,
  wrongCategory: (value: string, known: string) => `There is no category “${value}”; there are ${known}.`,
  wrongAddress: (value: string) => `“${value}” is no address; write one such as https://api.example.com/v1.`,
  nothingDrawn: 'No task is left to be asked; ask for more categories or a larger part.',
  unknownModel: (model: string, known: string) =>
    known === ''
      ? `The house has no model yet. Fetch one: \`everwith models list\`, then \`everwith models pull ID\`.`
      : `The house has no model “${model}”; it has ${known}.`,
  errorRate: (share: string, interval: string) => `Error rate: ${share} (95 % interval ${interval}).`,
  errorReasons: 'No answer that could be judged:',
  foretold: (share: string, interval: string) => `Foretold for all tasks: ${share} (95 % interval ${interval}).`,
  tenth: (share: string, miss: string, typical: string, large: string) =>
    `A tenth of the tasks had foretold ${share}, ${miss} points off; tenths miss by ${typical} points on average, and by ${large} at most in 95 of 100.`,
  stopped: (done: number, of: number) => `Stopped after ${done} of ${of}.`,
  kept: (id: string, version: string) => `Kept as ${id} for ${version}.`,
};
