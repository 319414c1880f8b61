import type { Message } from '../../../contract/messages.ts';

/** What a message's controls can ask of the page; failures are told by the page. The object never changes. */
export interface MessageHandlers {
  regenerate: (messageId: string) => void;
  continueReply: (messageId: string) => void;
  answer: (messageId: string) => void;
  choose: (messageId: string) => void;
  startEdit: (messageId: string) => void;
  cancelEdit: () => void;
  /** True when saved. */
  saveEdit: (options: { messageId: string; text: string; reply: boolean }) => Promise<boolean>;
  remove: (messageId: string) => void;
  restore: (messageId: string) => void;
  /** Keeps it from the model, or lets it see it again. */
  setHidden: (messageId: string, hidden: boolean) => void;
  copy: (message: Message) => void;
  /** Asks whether it leaves memory; `never`: and its words for good. */
  forget: (message: Message, never: boolean) => void;
  showReceipt: (messageId: string) => void;
  /** Has the person's next message written into the box. */
  impersonate: () => void;
  /** Shows three things to say above the box. */
  suggest: () => void;
  /** Ends the path at a message; what is said next is a branch beside what followed. */
  branchHere: (messageId: string) => void;
  /** Asks for the name of a place to come back to. */
  keepCheckpoint: (messageId: string) => void;
  /** Lets the path down to a message go on as a conversation of its own. */
  branchOff: (messageId: string) => void;
  showVersions: (messageId: string) => void;
  /** Begins to select messages, or takes one in and out of the selection. */
  toggleSelected: (messageId: string) => void;
}
