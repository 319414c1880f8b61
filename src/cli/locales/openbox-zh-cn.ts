import type { openboxEn } from './openbox-en.ts';

export const openboxZhCN: typeof openboxEn = {
  help: {
    eval: '衡量模型和记忆的能力',
    openbox: '让一个模型做 evals/openbox 中冻结的开发者任务,统计有多少一次就成',
    model: '要测的模型,名称以 `GET /v1/models` 为准',
    baseUrl: '另一台 OpenAI 兼容服务器的地址,带 /v1(默认:这个数据文件夹的家)',
    key: '--base-url 的 API 密钥(默认:OPENAI_API_KEY)',
    speechModel: '语音任务所用的模型(默认:tts-1)',
    sample: '只做一部分,各类按比例抽取,例如 10%(默认:全部)',
    seed: '换一个数字就换一部分(默认:1)',
    categories: '只做这些类别,用逗号隔开',
    concurrency: '同时发出的请求数(默认:1)',
    why: '逐一说明未通过的任务缺了什么',
    noKeep: '不在家里保存结果',
    more: '不为任何模型做调整:每项任务只发送一次,就像开发者第一次写出来的那样。按 Ctrl-C 停止,已完成的会保留。`everwith eval memory --help` 和 `everwith eval citations --help` 衡量别的能力。',
  },
  categories: {
    tools: '工具调用',
    schemas: '结构化输出',
    'long-context': '长上下文',
    personas: '人设',
    scripts: '多角色剧本',
    refusals: '拒答陷阱',
    extraction: '信息抽取',
    planning: '规划',
    voice: '适合朗读的文字',
    speech: '语音合成',
    instructions: '指令遵循',
  },
  languages: { en: '英文', zh: '中文' },
  all: '合计',
  head: ['', '任务', '通过', '95% 区间', '答错', '出错'],
  begin: (tasks, of, version, model) => `${model}:${of} 项任务中的 ${tasks} 项(版本 ${version})`,
  progress: (done, of, passed, errors) => `${done}/${of}:通过 ${passed},出错 ${errors}`,
  wrongSample: (value) => `“${value}”不是一个比例:请写 10% 或 0.1,要大于零,且不超过全部。`,
  wrongNumber: (option, value, least, most) => `“${value}”不能用于 --${option}:可填 ${least} 到 ${most}。`,
  wrongCategory: (value, known) => `没有“${value}”这个类别,可选:${known}。`,
  wrongAddress: (value) => `“${value}”不是地址,请写成 https://api.example.com/v1 这样。`,
  nothingDrawn: '没有剩下任务可做,请增加类别或扩大比例。',
  unknownModel: (model, known) =>
    known === ''
      ? '家里还没有模型。先获取一个:`everwith models list`,再 `everwith models pull ID`。'
      : `家里没有模型“${model}”,现有:${known}。`,
  errorRate: (share, interval) => `错误率:${share}(95% 区间 ${interval})。`,
  errorReasons: '没有得到可以评判的回答:',
  foretold: (share, interval) => `预计全部任务的通过率:${share}(95% 区间 ${interval})。`,
  tenth: (share, miss, typical, large) =>
    `只用十分之一的任务会预计 ${share},相差 ${miss} 个百分点;十分之一平均相差 ${typical},100 次中有 95 次不超过 ${large}。`,
  stopped: (done, of) => `在 ${of} 项中的第 ${done} 项后停止。`,
  kept: (id, version) => `已保存为 ${id}(${version})。`,
};
