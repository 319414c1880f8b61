import type { Locale } from '../../../contract/common.ts';
import type { ToolCallState } from '../../../contract/tool-parts.ts';

/** The few words of a written conversation that nobody said. */
export interface WrittenWords {
  locale: Locale;
  hidden: string;
  thoughts: string;
  narrator: string;
  /** When and from where the file was written. */
  with: (character: string, user: string) => string;
  /** A call of a tool, told whole. */
  tool: (told: string) => string;
  /** How a call ended that gave nothing. */
  toolStates: Readonly<Record<ToolCallState, string>>;
  file: (name: string) => string;
  picture: (name: string) => string;
  sources: (list: string) => string;
  page: (number: string) => string;
  /** So many characters are left out. */
  more: (count: number) => string;
}

const EN: WrittenWords = {
  locale: 'en',
  hidden: 'hidden from the model',
  thoughts: 'Thoughts',
  narrator: 'Narrator',
  with: (character, user) => `${character} and ${user}`,
  tool: (told) => `Tool: ${told}`,
  toolStates: {
    asked: '[waits to be allowed]',
    denied: '[not allowed]',
    running: '[still running]',
    done: '',
    failed: '[failed]',
    stopped: '[stopped]',
    passed: '[handed to the program that asked]',
  },
  file: (name) => `File: ${name}`,
  picture: (name) => `Picture: ${name}`,
  sources: (list) => `Sources: ${list}`,
  page: (number) => `page ${number}`,
  more: (count) => `(${count} more characters)`,
};
const ZH: WrittenWords = {
  locale: 'zh-CN',
  hidden: '对模型隐藏',
  thoughts: '思考过程',
  narrator: '旁白',
  with: (character, user) => `${character}与${user}`,
  tool: (told) => `工具：${told}`,
  toolStates: {
    asked: '【等待允许】',
    denied: '【未获允许】',
    running: '【仍在运行】',
    done: '',
    failed: '【失败】',
    stopped: '【已停止】',
    passed: '【已交给提问的程序】',
  },
  file: (name) => `文件：${name}`,
  picture: (name) => `图片：${name}`,
  sources: (list) => `来源：${list}`,
  page: (number) => `第 ${number} 页`,
  more: (count) => `（还有 ${count} 个字符）`,
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
