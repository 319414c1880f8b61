import type { Accounts } from './accounts/accounts.ts';
import { ActivePaths } from './conversation/active-paths.ts';
import { LiveReplies } from './conversation/live-replies.ts';
import { RoomPresence } from './conversation/room-presence.ts';
import { BranchesOff } from './features/chat/branch-off.ts';
import { Branches } from './features/chat/branches.ts';
import type { ChatContext } from './features/chat/chat-context.ts';
import { Conversations } from './features/chat/conversations.ts';
import { MessageBatches } from './features/chat/message-batches.ts';
import { MessagePages } from './features/chat/message-pages.ts';
import { MessageSearches } from './features/chat/message-search.ts';
import { Messages } from './features/chat/messages.ts';
import { OrderedReplies } from './features/chat/ordered-replies.ts';
import { PassingTurns } from './features/chat/passing-turns.ts';
import { PersonaChoice } from './features/chat/persona-choice.ts';
import { Prompts } from './features/chat/prompts.ts';
import { recoverReplies } from './features/chat/recover-replies.ts';
import { Replies } from './features/chat/replies.ts';
import { ReplyRunner } from './features/chat/reply-runner.ts';
import { RoomRuns } from './features/chat/room-runs.ts';
import { Scenes } from './features/chat/scenes.ts';
import { SpokenTurns } from './features/chat/spoken-turns.ts';
import { TreeMaps } from './features/chat/tree-maps.ts';
import { WarmStarts } from './features/chat/warm-starts.ts';
import { WritingHelp } from './features/chat/writing-help.ts';
import { Drafting } from './features/drafting/drafting.ts';
import { PreviewTalk } from './features/drafting/preview.ts';
import type { ToolDesk } from './features/tools/tool-desk.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import type { EmbeddingDirectory } from './models/routing/embedding-directory.ts';
import type { Meter } from './metering/meter.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import { filesOfTurns } from './open-attachments.ts';
import { openMemories } from './open-memories.ts';
import { openMemory } from './open-memory.ts';
import { openRooms } from './open-rooms.ts';
import { MessageSearchStore } from './storage/search/message-search-store.ts';
import { createDirector } from './turn/director/director.ts';
import { createTurnRunner } from './turn/run-turn.ts';

type OpenChatOptions = Omit<ChatContext, 'search' | 'live' | 'presence' | 'turns' | 'people' | 'heldMemory'> & {
  accounts: Accounts;
  directory: ModelDirectory;
  embeddingDirectory: EmbeddingDirectory;
  queue: JobQueue;
  toolDesk: ToolDesk;
  ledger: Meter;
  stack: AsyncDisposableStack;
};

/** What a conversation stands on: who watches, what is remembered, and how a turn is taken. */
function openTurns({ directory, embeddingDirectory, queue, toolDesk, ledger, stack, ...house }: OpenChatOptions) {
  const live = new LiveReplies();
  const presence = stack.use(new RoomPresence((id, event) => live.publish(id, event)));
  const memory = openMemory({ ...house, live, directory, embeddingDirectory, queue, stack });
  const chat: ChatContext = {
    ...house,
    people: house.accounts.people,
    search: new MessageSearchStore(house.storage.dialect),
    live,
    presence,
    heldMemory: memory.facts,
    turns: createTurnRunner({
      db: house.storage.db,
      directory,
      clock: house.clock,
      meter: ledger,
      memory: memory.ofTurns,
      files: filesOfTurns(house.storage, memory.passages),
      tools: toolDesk,
    }),
  };
  return { chat, memory };
}

/** Conversations and everything that is done in them. What a crash cut off is recovered before anybody looks. */
export async function openChat(options: OpenChatOptions) {
  const { directory, stack, accounts, logger } = options;
  const { chat, memory } = openTurns(options);
  const recovered = await recoverReplies(chat);
  if (recovered > 0) logger.info({ recovered }, 'replies cut off by a crash kept their beginning');
  const runner = new ReplyRunner(chat);
  stack.defer(() => runner.close());
  const conversations = new Conversations(chat);
  const paths = new ActivePaths(chat.storage.db);
  const director = createDirector({ directory, logger });
  const runs = new RoomRuns({ context: chat, runner, director, conversations });
  stack.defer(() => runs.close());
  const replies = new Replies(chat, { conversations, runner, runs });
  const pages = new MessagePages(chat, { conversations, paths });
  const messages = new Messages(chat, { conversations, replies, runs, pages });
  const branches = new Branches(chat, conversations);
  const warmStarts = new WarmStarts(chat, { conversations, director });
  const spokenTurns = new SpokenTurns(chat, { director, runs });
  stack.defer(() => spokenTurns.close());
  stack.defer(() => chat.live.closeWatchers());
  stack.defer(() => warmStarts.close());
  return {
    memory,
    memories: openMemories({ ...chat, memory }),
    conversations,
    warmStarts,
    spokenTurns,
    live: chat.live,
    presence: chat.presence,
    messageSearches: new MessageSearches(chat, { conversations, paths }),
    messages,
    orderedReplies: new OrderedReplies(chat, { conversations, messages, replies }),
    roomRuns: runs,
    replies,
    branches,
    branchesOff: new BranchesOff(chat, conversations),
    batches: new MessageBatches(chat, conversations),
    treeMaps: new TreeMaps(chat, { conversations, branches }),
    personaChoice: new PersonaChoice(chat, conversations),
    scenes: new Scenes(chat, conversations),
    prompts: new Prompts(chat, conversations),
    passingTurns: new PassingTurns(chat),
    ...openRooms({ ...chat, conversations, accounts }),
    writingHelp: new WritingHelp(chat, conversations),
    drafting: new Drafting({ models: directory }),
    preview: new PreviewTalk({ models: directory, people: accounts.people, clock: chat.clock }),
  };
}
