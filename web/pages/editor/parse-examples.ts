export interface ExampleLine {
  speaker: 'user' | 'char';
  text: string;
}

/** Example dialogue as a reader sees it: blocks between `<START>` marks, each a list of lines. */
export function parseExamples(text: string): ExampleLine[][] {
  return text
    .split(/<START>/i)
    .map(parseBlock)
    .filter((lines) => lines.length > 0);
}

function parseBlock(block: string): ExampleLine[] {
  const lines: ExampleLine[] = [];
  for (const line of block.trim().split('\n')) {
    const match = /^\s*(?:(\{\{user\}\}|<USER>)|\{\{char\}\}|<BOT>|<CHAR>)\s*[:\uff1a]\s*(.*)$/i.exec(line);
    const last = lines.at(-1);
    if (match) lines.push({ speaker: match[1] === undefined ? 'char' : 'user', text: match[2] ?? '' });
    else if (last) last.text = `${last.text}\n${line}`;
  }
  return lines.filter(({ text }) => text.trim() !== '');
}
