import type { EventType } from '../../events/event-store.ts';

/** The name of the job that names conversations; its key is a conversation's id. */
export const TITLE_JOB = 'conversation-title';

/** After these a conversation may deserve a name. What is imported is named when it goes on. */
export const TITLE_CHANGES: ReadonlySet<EventType> = new Set<EventType>(['message-commit', 'reply-end']);
