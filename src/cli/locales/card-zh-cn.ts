import type { CardLoss, CardWarning } from '../../../contract/cards.ts';
import type { cardEn } from './card-en.ts';

const WARNINGS: Record<CardWarning['code'], string> = {
  'unknown-spec': '自称未知版本,已按 V2 读取',
  'newer-version': '版本较新,不认识的内容会保留',
  'field-unusable': '有字段不是文字,原样保留',
  'field-moved': '有字段缺失,已从旁边取得',
  'key-dropped': '有一个键已略去',
  'number-rounded': '有数字位数太多,无法完整保留',
  'text-repaired': '有些字已损坏',
  checksum: '有一部分与校验和不符',
  'cut-off': '文件在角色卡之后提前结束',
  'v3-broken': 'V3 卡已损坏,读取的是旁边的 V2 卡',
  'picture-damaged': '图片无法显示',
  'asset-missing': '缺少文件',
  'asset-linked': '文件在互联网上的别处,保留了地址',
  'asset-unsupported': '素材的地址类型不认识,已保留',
  'file-skipped': '有文件因损坏、加密或指向外部而略去',
  'file-doubled': '两个文件路径相同,采用第一个',
};

const LOSSES: Record<CardLoss['code'], string> = {
  nickname: '昵称',
  'group-greetings': '群聊开场白',
  'multilingual-notes': '其他语言的作者说明',
  source: '来源',
  'regex-keys': '以正则为键的世界书条目',
  decorators: '带修饰符的世界书条目',
  assets: '图片和声音',
  'assets-too-large': '太大而放不进去的文件',
  'container-files': '其他程序的文件',
  picture: '立绘',
  'picture-converted': '立绘会变成 PNG',
  'picture-replaced': '立绘不是 PNG,用一张素色图片代替',
};

export const cardZhCN: typeof cardEn = {
  name: '名字',
  format: '格式',
  fields: '字段',
  greetings: '开场白',
  tags: '标签',
  book: '世界书',
  entries: (count) => `${count} 个条目`,
  extensions: '扩展',
  unknown: '不认识但保留的键',
  picture: '图片',
  asset: '素材',
  file: '文件',
  warning: ({ code, detail }) => `${WARNINGS[code]}${detail === '' ? '' : `:${detail}`}`,
  loss: ({ code, kind, count }) => {
    if (kind === 'changed') return `有变化:${LOSSES[code]}。`;
    const words = `${LOSSES[code]}${count > 1 ? `(${count})` : ''}`;
    return kind === 'lost' ? `略去:${words}。` : `已写入,但 V2 程序不会使用:${words}。`;
  },
  converted: (path, size) => `${path}:${size}。`,
  problems: {
    'card-empty': '文件是空的。',
    'card-not-json': '里面没有可读取的角色。',
    'card-unknown': '可以读取,但不是角色卡。',
    'card-is-book': '这是世界书,不是角色卡。',
    'card-nameless': '里面的角色没有名字。',
    'card-damaged': '角色卡已损坏。',
    'card-missing': '里面没有角色。',
    'card-too-deep': '嵌套太深,不像角色卡。',
    'card-encrypted': '已加密,请去掉密码后再试。',
    'card-archive': '压缩包已损坏。',
    'card-too-large': '文件太大,或解压后太大。',
  },
};
