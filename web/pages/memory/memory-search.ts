import { z } from 'zod';
import { factAboutSchema } from '../../../contract/memory.ts';

export const MEMORY_VIEWS = ['portrait', 'timeline', 'list', 'diary', 'dates', 'settings'] as const;
export type MemoryView = (typeof MEMORY_VIEWS)[number];

export const FACT_SHELVES = ['known', 'pinned', 'off-path', 'corrected'] as const;
export type FactShelf = (typeof FACT_SHELVES)[number];

/** What the address of the memory page says: a link, a reload and the way back show the same. */
export const memorySearchSchema = z.object({
  view: z.enum(MEMORY_VIEWS).optional().catch(undefined),
  search: z.coerce.string().max(400).optional().catch(undefined),
  about: factAboutSchema.optional().catch(undefined),
  shelf: z.enum(FACT_SHELVES).optional().catch(undefined),
});
export type MemorySearch = z.output<typeof memorySearchSchema>;
