import { plainText } from './signals.ts';

/**
 * What people say of themselves in so many words: name, home, work, age, health, family, likes. Such a sentence is kept
 * however short it is.
 */
const ENGLISH: readonly RegExp[] = [
  /\bmy (?:full |real |maiden |middle |last |first )?name(?:'s| is| was)\b|\b(?:please |you can |everyone |everybody |they |people )(?:just )?calls? me [a-z]/,
  /\bi (?:was born|grew up|was raised) (?:in|on|at|near)\b|\b(?:i'm|i am|i come) (?:originally )?from \w/,
  /\b(?:i|we) (?:now |still |currently |both )?live (?:in|at|on|near|with|alone)\b|\b(?:i|we)(?:'ve| have)? (?:just )?moved (?:back )?(?:in|to|from)\b/,
  /\bi (?:now |still |currently )?(?:work|teach|study|studied|worked) (?:as|at|for|in|with|\w+ at)\b|\bi(?:'m| am) (?:an? |the )(?:\w+[ -]){0,2}(?:\w+(?:er|or|ist|ian|ant|smith|man|woman)|nurse|chef|cook|pilot|student|vet|judge|nun|priest|coach|tailor|widow|twin|only child|vegan|vegetarian)\b/,
  /\b(?:i'm|i am) (?:allergic|vegetarian|vegan|diabetic|left-handed|colou?r-?blind|lactose|dyslexic|epileptic|pregnant|deaf|blind|intolerant|married|divorced|widowed|engaged|single|retired|afraid of|scared of|terrified of)\b|\bi have (?:an? )?(?:\w+ )?(?:allergy|asthma|diabetes|arthritis|epilepsy|migraines|insomnia|adhd)\b/,
  /\b(?:i'm|i am|i just turned|i turned|i'll be|i'm turning) (?:\d{1,3}|\w+ty(?:-\w+)?|\w+teen)(?: years old)?(?:\s*[.,!]|$| now| this| in | next)/,
  /\bmy (?:birthday|anniversary) (?:is|falls)\b|\b(?:my|our) (?:favou?rite|best) [\w ]{1,24} (?:is|are|was)\b/,
  /\bmy (?:\w+ )?(?:mother|mum|mom|father|dad|sister|brother|son|daughter|wife|husband|partner|girlfriend|boyfriend|grandmother|grandfather|grandma|grandpa|aunt|uncle|cousin|best friend|boss|dog|cat)(?: \p{L}+)?(?:'s name)? (?:is|was|'s|lives?|lived|works?|worked|died|has|had|called|teaches|moved)\b/u,
  /\bi(?:'ve got| have) (?:an? |one |two |three |four |five |no )(?:\w+ ){0,2}(?:sisters?|brothers?|sons?|daughters?|kids?|children|siblings|cats?|dogs?|horses?|parrots?|rabbits?|twins|grandchildren)\b/,
  /\bi (?:can't stand|cannot stand|can't bear|hate|love|adore|collect|don't eat|don't drink|don't like|never eat|never drink|prefer|play the|speak) (?!it\b|that\b|this\b|you\b|how\b|when\b|to be\b|your\b|him\b|her\b|them\b)\w/,
  /\bi promise (?:you )?(?:that )?(?:i|to|we)\b|\byou have my word\b|\bi give you my word\b|\bi'll (?:remind|call|ring|write to|visit|meet|bring) you\b.*\b(?:on|at|next|tomorrow)\b/,
];

const CHINESE: readonly RegExp[] = [
  /我(?:的名字|本名|全名|真名|小名)?(?:就)?叫(?!我|你|他|她|人|做|的|了|不|什么|醒|骂|车|外卖|上)[\p{Script=Han}A-Za-z]/u,
  /我(?:是|在).{1,8}(?:出生|长大)|我(?:就)?是.{2,6}人(?:[，,。!！]|$)|我老家(?:是|在)|我来自/u,
  /我们?(?:现在|目前|一直|还|自己一个人|一家)?(?:住在|住.{1,6}(?:路|区|街|楼|村|巷)|搬到|搬回|搬来)/u,
  /我(?:现在|目前|以前)?在.{2,12}(?:上班|工作|教书|读书|上学|实习)|我(?:现在|以前)?是(?:个|一名|一个)?.{0,6}(?:老师|医生|护士|律师|会计|程序员|工程师|设计师|厨师|司机|编辑|记者|学生|经理|研究生|木匠|画家|翻译|警察|演员)/u,
  /我(?:对|一吃|吃).{1,8}(?:过敏|起疹)|我(?:是)?(?:左撇子|色盲|红绿色盲|素食者)|我有(?:轻微|严重|点|一点)?(?:哮喘|糖尿病|高血压|胃病|失眠|抑郁症|焦虑症|偏头痛|恐高)|我(?:不能|从来不|不)(?:吃|喝)(?!了|完|饭)[\p{Script=Han}]/u,
  /我(?:今年|已经|刚满?|快)?(?:\d{1,3}|[一二三四五六七八九十]{1,3})岁/u,
  /我的?生日(?:是|在)|我最(?:喜欢|爱|怕|讨厌)(?:的|吃|喝|听|看)?[\p{Script=Han}]/u,
  /我(?:的)?(?:妈妈?|爸爸?|父亲|母亲|爷爷|奶奶|外公|外婆|姐姐?|妹妹?|哥哥?|弟弟?|女儿|儿子|老公|老婆|丈夫|妻子|女朋友|男朋友|女友|男友)(?:[\p{Script=Han}]{0,3}?)(?:现在|以前|今年|一直)?(?:是|叫|住|在.{1,10}(?:上班|工作|教书|当)|去世|走了|得了|开了?|当)/u,
  /我(?:家)?(?:有|养了?)(?:一|两|三|四|个|只)(?:个|只|条|匹)?.{0,4}(?:姐姐?|妹妹?|哥哥?|弟弟?|孩子|儿子|女儿|猫|狗|鸟|兔子|鹦鹉|乌龟)/u,
  /我(?:很|特别|一直|从小)?(?:害怕|讨厌|喜欢|爱吃|爱喝|不喜欢)(?!你|他|她|这|那|上了|的)[\p{Script=Han}]/u,
  /我(?:向你)?(?:保证|答应你)(?!不了)|(?:那就?)?(?:说定了|一言为定)|我(?:会|明天|下周|到时候)?.{0,12}(?:提醒|叫醒|打给|打电话给|去看|去接)你/u,
  /我(?:已经)?(?:结婚|离婚|订婚|怀孕|退休)了|我单身/u,
];

/** True for a sentence that says such a thing in the first person. */
export function isPlainStatement(sentence: string): boolean {
  const plain = plainText(sentence);
  return [...ENGLISH, ...CHINESE].some((pattern) => pattern.test(plain));
}
