export interface TextRun {
  start: number;
  text: string;
  marked: boolean;
}

/** A text in runs, those inside any of the places marked; places may overlap and come in any order. */
export function markText(text: string, places: readonly { start: number; end: number }[]): TextRun[] {
  const runs: TextRun[] = [];
  let at = 0;
  const push = (start: number, end: number, marked: boolean) => {
    if (end > start) runs.push({ start, text: text.slice(start, end), marked });
  };
  for (const { start, end } of places.toSorted((a, b) => a.start - b.start)) {
    const from = Math.max(start, at);
    const to = Math.min(end, text.length);
    if (to <= from) continue;
    push(at, from, false);
    const last = runs.at(-1);
    if (last?.marked && last.start + last.text.length === from) last.text += text.slice(from, to);
    else push(from, to, true);
    at = to;
  }
  push(at, text.length, false);
  return runs;
}
