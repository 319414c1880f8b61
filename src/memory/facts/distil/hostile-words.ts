import { plainText } from './signals.ts';

/** Somebody speaks to the machinery: roles, markup, orders about its instructions. Nothing of such a turn is read. */
const COMMANDS: readonly RegExp[] = [
  /^\s*[[(<{*#-]*\s*(?:system|assistant|user|developer|admin|tool|memory|instructions?)\b[^\p{L}]{0,3}[:：>\]]/mu,
  /<\/?\s*(?:system|assistant|user|memory|facts?|instructions?|prompt|tool)\b/,
  /<\|[^|]{1,40}\|>|\[\/?inst\]|```|\{\s*"[^"]{1,40}"\s*:/,
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|above|previous|guidelines|restrictions|safety)\b/,
  /\b(?:developer|debug|god|sudo|jailbreak|unrestricted|admin) mode\b/,
  /\byou are now\b|\byour (?:new )?(?:instructions?|system prompt|rules?) (?:is|are)\b/,
  /\b(?:update|edit|overwrite|write to|insert into|append to|add to|modify) (?:your |the )?(?:long-term )?(?:memory|memories|database|facts?)\b/,
  /(?:忽略|无视|忘掉|忘记|绕过).{0,12}(?:以上|之前|前面|上面|所有)?.{0,8}(?:指令|指示|规则|提示|设定|限制|要求)/u,
  /^\s*[【[(（<#*-]*\s*(?:系统|助手|用户|开发者|管理员|工具|记忆)(?:提示|消息|指令|通知)?\s*[】\])）>]*\s*[:：]/mu,
  /(?:开发者|调试|越狱|管理员|上帝|无限制)模式/u,
  /(?:更新|修改|覆盖|写入|写进|存入|存进|添加到|加入|加到|录入)(?:你的|到你的|到|进)?(?:长期)?(?:记忆|数据库|事实)/u,
  /你(?:现在|从现在起|以后)(?:就)?是(?:一个|一名)?(?:没有|不受|无)/u,
];

/** An order to remember: what follows is at most somebody's claim. */
const MEMORY_ORDERS: readonly RegExp[] = [
  /\b(?:remember|note|store|save|record|memori[sz]e|write down|keep in mind|log|don't forget)\b(?:.{0,12}\b(?:that|this|it|down|as a fact|in (?:your )?memory)\b|\s*[:：,-])/,
  /\b(?:as a fact|for the record|in your memory|into memory)\b/,
  /(?:记住|记下|记好|记牢|记得|记录|保存|储存|存下|牢记|别忘了?)(?:一下|下来|了|这一?点|这件事|着)?(?:[:：，,]|我|这|他|她|以下)/u,
  /(?:作为|当作|当成)(?:一个|一条)?事实/u,
];

/** Power over accounts, money or machines, which nobody gets by saying so. */
const AUTHORITY: readonly RegExp[] = [
  /\b(?:owner|admin(?:istrator)?|root|superuser|developer|creator|ceo|operator|moderator) of\b/,
  /\bi(?:'m| am) (?:an? |the |your )?(?:(?:new|real|true|actual|only|system|house|site) )?(?:admin(?:istrator)?|root|superuser|operator|developer|creator|moderator|owner)\b/,
  /\b(?:all accounts|full access|admin rights|root access|permissions?|passwords?|credentials?|api keys?|authori[sz]ed to|clearance)\b/,
  /(?:所有|全部|每个)(?:账号|账户|帐号|权限|用户|数据)|(?:最高|全部|管理员?|超级)权限|密码|口令|密钥|授权(?:我|给我)/u,
  /我(?:就)?是(?:你的|这里的|本系统的|系统|真正的)?(?:管理员|开发者|创造者|所有者|主人|超级用户|站长)/u,
];

const matches = (patterns: readonly RegExp[], text: string): boolean => patterns.some((pattern) => pattern.test(text));

/** True for a turn that gives orders to the machinery instead of telling something. */
export function isCommand(turnText: string): boolean {
  return matches(COMMANDS, plainText(turnText));
}

/** True for words that may only be kept as what somebody claimed. */
export function isClaim(sentence: string): boolean {
  const plain = plainText(sentence);
  return matches(MEMORY_ORDERS, plain) || matches(AUTHORITY, plain);
}
