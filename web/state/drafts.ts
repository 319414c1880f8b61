const PREFIX = 'everwith.draft.';

/** What was typed but not sent, kept per conversation on this device. */
export function readDraft(conversationId: string): string {
  return localStorage.getItem(PREFIX + conversationId) ?? '';
}

export function keepDraft(conversationId: string, text: string): void {
  if (text === '') {
    dropDraft(conversationId);
    return;
  }
  try {
    localStorage.setItem(PREFIX + conversationId, text);
  } catch {
    // Storage is full or forbidden: the text is still in the box, only not kept across a reload.
  }
}

export function dropDraft(conversationId: string): void {
  localStorage.removeItem(PREFIX + conversationId);
}
