export interface ExampleTurn {
  role: 'user' | 'assistant';
  text: string;
}

/**
 * A card's example dialogue as turns: `<START>` divides blocks, `{{user}}:` and `{{char}}:` begin lines (Character Card
 * V2, "mes_example"). A model that has seen itself answer in the character's voice keeps it better than one that was
 * told about it. Empty where the text is not a dialogue.
 */
export function parseExampleDialogue(text: string): ExampleTurn[] {
  const turns: ExampleTurn[] = [];
  for (const block of text.split(/<START>/i)) {
    for (const line of block.trim().split('\n')) {
      const speaker = /^\s*(\{\{user\}\}|<USER>|\{\{char\}\}|<BOT>)\s*[:\uff1a]\s*/i.exec(line);
      if (speaker?.[1] !== undefined) {
        const role = /user/i.test(speaker[1]) ? 'user' : 'assistant';
        turns.push({ role, text: line.slice(speaker[0].length) });
      } else {
        const last = turns.at(-1);
        if (last) last.text = `${last.text}\n${line}`;
      }
    }
  }
  const spoken = turns
    .map(({ role, text: words }) => ({ role, text: words.trim() }))
    .filter(({ text: words }) => words !== '');
  return spoken.some(({ role }) => role === 'assistant') ? spoken : [];
}
