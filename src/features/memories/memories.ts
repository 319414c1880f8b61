import { Forgetting } from './forgetting.ts';
import type { MemoriesContext } from './memories-context.ts';
import { MemoryFiles } from './memory-files.ts';
import { MemoryOverviews } from './memory-overviews.ts';
import { MemoryPages } from './memory-pages.ts';
import { MemoryPurge } from './memory-purge.ts';
import { MemoryRules } from './memory-rules.ts';
import { MemorySearches } from './memory-searches.ts';
import { MemorySources } from './memory-sources.ts';
import { MemorySwitches } from './memory-switches.ts';
import { RememberedFacts } from './remembered-facts.ts';

/** What characters remember, as people see and change it. */
export interface Memories {
  overviews: MemoryOverviews;
  facts: RememberedFacts;
  searches: MemorySearches;
  sources: MemorySources;
  pages: MemoryPages;
  rules: MemoryRules;
  switches: MemorySwitches;
  forgetting: Forgetting;
  files: MemoryFiles;
  purge: MemoryPurge;
}

export function createMemories(context: MemoriesContext): Memories {
  const forgetting = new Forgetting(context);
  const files = new MemoryFiles(context);
  return {
    overviews: new MemoryOverviews(context),
    facts: new RememberedFacts(context),
    searches: new MemorySearches(context),
    sources: new MemorySources(context),
    pages: new MemoryPages(context, forgetting),
    rules: new MemoryRules(context, forgetting),
    switches: new MemorySwitches(context),
    forgetting,
    files,
    purge: new MemoryPurge(context, files),
  };
}
