import { okSchema } from '../../contract/common.ts';
import {
  changeDiaryEntrySchema,
  changeFactSchema,
  changeMemoryDateSchema,
  changeMemorySettingsSchema,
  diaryEntryListSchema,
  diaryEntrySchema,
  importedMemorySchema,
  memoryDateListSchema,
  memoryDateSchema,
  memoryFactListSchema,
  memoryFactSchema,
  memoryFileSchema,
  memoryOverviewSchema,
  memoryPortraitSchema,
  memoryRuleListSchema,
  memoryRuleSchema,
  memorySearchSchema,
  memorySettingsSchema,
  memorySourceListSchema,
  memoryTimelineSchema,
  newDiaryEntrySchema,
  newFactSchema,
  newMemoryDateSchema,
  newMemoryRuleSchema,
} from '../../contract/memory.ts';
import type { ApiRoute } from '../api-route.ts';

const ok = { response: okSchema };
const memory = '/api/characters/:id/memory';

/** What a character remembers of the one who asks. */
export const MEMORY_ROUTES = {
  memoryOverview: { method: 'GET', path: memory, response: memoryOverviewSchema },
  memorySettings: { method: 'GET', path: `${memory}/settings`, response: memorySettingsSchema },
  changeMemorySettings: {
    method: 'PATCH',
    path: `${memory}/settings`,
    body: changeMemorySettingsSchema,
    response: memorySettingsSchema,
  },
  /** Query: `query`, `about`, `state`, `counts`, `cursor`, `limit`. */
  memoryFacts: { method: 'GET', path: `${memory}/facts`, response: memoryFactListSchema },
  addMemoryFact: { method: 'POST', path: `${memory}/facts`, body: newFactSchema, response: memoryFactSchema },
  changeMemoryFact: {
    method: 'PATCH',
    path: '/api/memory/facts/:id',
    body: changeFactSchema,
    response: memoryFactSchema,
  },
  /** Query: `scope`, `never`. */
  forgetMemoryFact: { method: 'DELETE', path: '/api/memory/facts/:id', ...ok },
  memoryTimeline: { method: 'GET', path: `${memory}/timeline`, response: memoryTimelineSchema },
  memorySearch: { method: 'GET', path: `${memory}/search`, response: memorySearchSchema },
  memoryPortrait: { method: 'GET', path: `${memory}/portrait`, response: memoryPortraitSchema },
  memoryDiary: { method: 'GET', path: `${memory}/diary`, response: diaryEntryListSchema },
  addDiaryEntry: { method: 'POST', path: `${memory}/diary`, body: newDiaryEntrySchema, response: diaryEntrySchema },
  changeDiaryEntry: {
    method: 'PATCH',
    path: '/api/memory/diary/:id',
    body: changeDiaryEntrySchema,
    response: diaryEntrySchema,
  },
  removeDiaryEntry: { method: 'DELETE', path: '/api/memory/diary/:id', ...ok },
  memoryDates: { method: 'GET', path: `${memory}/dates`, response: memoryDateListSchema },
  addMemoryDate: { method: 'POST', path: `${memory}/dates`, body: newMemoryDateSchema, response: memoryDateSchema },
  changeMemoryDate: {
    method: 'PATCH',
    path: '/api/memory/dates/:id',
    body: changeMemoryDateSchema,
    response: memoryDateSchema,
  },
  removeMemoryDate: { method: 'DELETE', path: '/api/memory/dates/:id', ...ok },
  memoryRules: { method: 'GET', path: `${memory}/rules`, response: memoryRuleListSchema },
  addMemoryRule: { method: 'POST', path: `${memory}/rules`, body: newMemoryRuleSchema, response: memoryRuleSchema },
  removeMemoryRule: { method: 'DELETE', path: '/api/memory/rules/:id', ...ok },
  /** Query: `dry` = 1 only says what would come. */
  importMemory: {
    method: 'POST',
    path: `${memory}/import`,
    body: memoryFileSchema,
    response: importedMemorySchema,
  },
  /** The message stays in its conversation; it is neither recalled nor read for facts any more. */
  forgetMessage: { method: 'POST', path: '/api/messages/:id/forget', ...ok },
  /** Query: `ids`, separated by commas. */
  memorySources: { method: 'GET', path: '/api/memory/sources', response: memorySourceListSchema },
} as const satisfies Record<string, ApiRoute>;
