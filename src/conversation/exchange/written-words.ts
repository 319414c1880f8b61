/** The few words of a written conversation that nobody said. */
export interface WrittenWords {
  hidden: string;
  thoughts: string;
  narrator: string;
  /** When and from where the file was written. */
  with: (character: string, user: string) => string;
}

const EN: WrittenWords = {
  hidden: 'hidden from the model',
  thoughts: 'Thoughts',
  narrator: 'Narrator',
  with: (character, user) => `${character} and ${user}`,
};
const ZH: WrittenWords = {
  hidden: '对模型隐藏',
  thoughts: '思考过程',
  narrator: '旁白',
  with: (character, user) => `${character}与${user}`,
};

export function writtenWords(locale: string): WrittenWords {
  return locale.startsWith('zh') ? ZH : EN;
}

/** `2024-06-05 14:56`, in this machine's time. */
export function writtenTime(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
