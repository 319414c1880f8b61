import { ConversationFolders } from './features/organising/conversation-folders.ts';
import { ConversationMarks } from './features/organising/conversation-marks.ts';
import { ConversationLooks } from './features/organising/looks.ts';
import { OrganisedBelongings } from './features/organising/organised-belongings.ts';
import type { OrganisingContext } from './features/organising/organising-context.ts';

/** How people keep conversations and have them look. */
export function openOrganising(context: OrganisingContext) {
  return {
    looks: new ConversationLooks(context),
    conversationMarks: new ConversationMarks(context),
    conversationFolders: new ConversationFolders(context),
    organising: new OrganisedBelongings(context.storage),
  };
}
