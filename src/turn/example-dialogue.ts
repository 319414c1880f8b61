export interface ExampleTurn {
  role: 'user' | 'assistant';
  text: string;
}

/**
 * A card's example dialogue as blocks of turns: `<START>` divides blocks, `{{user}}:` and `{{char}}:` begin lines
 * (Character Card V2, "mes_example"). A model that has seen itself answer in the character's voice keeps it better than
 * one that was told about it. Empty where the text is not a dialogue.
 */
export function parseExampleBlocks(text: string): ExampleTurn[][] {
  const blocks = text
    .split(/<START>/i)
    .map(parseBlock)
    .filter((block) => block.length > 0);
  return blocks.some((block) => block.some(({ role }) => role === 'assistant')) ? blocks : [];
}

function parseBlock(block: string): ExampleTurn[] {
  const turns: ExampleTurn[] = [];
  for (const line of block.trim().split('\n')) {
    const speaker = /^\s*(\{\{user\}\}|<USER>|\{\{char\}\}|<BOT>|<CHAR>)\s*[:\uff1a]\s*/i.exec(line);
    if (speaker?.[1] !== undefined) {
      turns.push({ role: /user/i.test(speaker[1]) ? 'user' : 'assistant', text: line.slice(speaker[0].length) });
    } else {
      const last = turns.at(-1);
      if (last) last.text = `${last.text}\n${line}`;
    }
  }
  return turns.map(({ role, text }) => ({ role, text: text.trim() })).filter(({ text }) => text !== '');
}
