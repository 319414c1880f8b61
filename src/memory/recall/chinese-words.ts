/**
 * Everyday Chinese words that mean the same, a group each: what a pair of characters cannot bring together. General
 * words of talk only: family, work, home, body, money, time.
 */
const SAME = `
爸爸 老爸 父亲 我爸 他爸 她爸 你爸 老爹 爹|妈妈 老妈 母亲 我妈 他妈 她妈 你妈 老娘|爷爷 祖父|奶奶 祖母|外公 姥爷|外婆 姥姥|丈夫 老公|妻子 老婆 媳妇|孩子 小孩 娃娃 娃|女儿 闺女|儿子 小子|兄弟 哥哥 弟弟|姐妹 姐姐 妹妹|亲戚 亲人 家人
医生 大夫 医师|手术 开刀 动刀 刀口|生病 患病 得病|住院 入院|吃药 服药|去世 过世 走了 逝世 没了|怀孕 有喜|出生 生下 降生 落地|体检 检查|疼 痛
老师 教师 先生|学生 徒弟|同学 同窗|学校 校园|考试 考场 应考|毕业 结业|老板 领导 上司 老总|公司 单位|工作 上班 差事 职业|辞职 离职 不干 不做了|工资 薪水 月薪 收入|退休 退下来|同事 同僚
房子 屋子 住处 住所|搬家 搬去 搬到 搬过 搬走|房租 租金|老家 家乡 故乡|城市 城里|饭店 餐馆 馆子 饭馆|商店 店铺 店面 门面 铺子|厨房 灶台
手机 电话|电脑 笔记本|照片 相片|汽车 轿车 车子|自行车 单车|火车 高铁 列车|飞机 航班|行李 箱子|钥匙 锁匙|礼物 礼品|衣服 衣裳|书 书本|信 信件 来信|消息 微信 短信
早饭 早餐 早点|午饭 午餐 中饭|晚饭 晚餐 夜饭|零食 点心|喝酒 饮酒|吃素 素食|吃饭 用餐
猫 猫咪|狗 小狗 狗狗|鸟 小鸟
生日 寿辰|结婚 婚礼 成亲 嫁 娶|离婚 离了|分手 散了|吵架 拌嘴 争吵|道歉 赔礼 赔不是|答应 约好 约定 说好 保证 承诺|比赛 竞赛|旅行 旅游 出游|开始 开头 起初 最初 刚开始|结束 完了 收尾|推迟 延期 延了 延到 推到|取消 作罢|决定 打算 准备
名字 姓名 名叫 叫做|外号 绰号 诨名|喜欢 喜爱 爱|讨厌 厌恶 不喜欢|害怕 怕|担心 担忧|高兴 开心 快活|生气 发火|漂亮 好看 美
买 购买 购置|花了 花费|价钱 价格 多少钱|借 借给|还 归还|丢 弄丢 丢失 不见了|坏 坏掉 坏了|修 修理 修好
昨天 昨日|今天 今日|明天 明日|早上 早晨 清晨|夜里 夜晚 晚上 晚间|周末 礼拜天 星期天 周日|礼拜 星期|秋天 秋季|春天 春季|夏天 夏季|冬天 冬季
`;

/** Pairs of characters that ask or hold a sentence together: a query does not look for them. */
const GRAMMAR = new Set(
  `什么 怎么 么样 哪里 哪儿 哪个 哪些 哪位 哪天 哪年 哪月 几个 几号 几月 几点 几次 多少 多久 多大 多长 为什 为何 时候 啥时 是谁 谁是 谁的 那个 这个 那位 这位 那些
  这些 那天 这天 那次 这次 那种 这种 那边 这边 那儿 这儿 一个 一次 一下 一点 有点 有些 我们 你们 他们 她们 它们 咱们 我的 你的 他的 她的 自己 别人 大家 后来 最后
  现在 如今 当时 当初 之前 之后 以前 以后 然后 从前 刚才 已经 正在 曾经 还有 还是 或者 但是 可是 因为 所以 如果 虽然 而且 不过 是不 不是 有没 没有 能不 会不 可以
  能够 应该 需要 想要 知道 记得 记不 觉得 认为 告诉 说过 提过 讲过 跟我 跟你 和我 和你 给我 给你 让我 让你 帮我 对我 对你 到底 究竟 其实 真的 就是 只是 都是 也是
  这么 那么 怎样 这样 那样 如何 来着`.split(/\s+/),
);

const conceptOf = new Map<string, string>();
for (const group of SAME.trim().split(/[|\n]/)) {
  const words = group.split(' ');
  for (const word of words) if (!conceptOf.has(word)) conceptOf.set(word, `=${words[0]}`);
}

/** Longer words first: 自行车 is no 车. */
const WORDS = new RegExp([...conceptOf.keys()].toSorted((a, b) => b.length - a.length).join('|'), 'gu');

/** Words of a text that belong to a group of the same meaning; offsets are UTF-16. Linear in the text. */
export function* sameMeanings(text: string): Generator<{ concept: string; start: number; end: number }> {
  for (const match of text.matchAll(WORDS)) {
    const concept = conceptOf.get(match[0]);
    if (concept !== undefined) yield { concept, start: match.index, end: match.index + match[0].length };
  }
}

export function isGrammar(pair: string): boolean {
  return GRAMMAR.has(pair);
}
