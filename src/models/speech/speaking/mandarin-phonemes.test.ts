import { expect, test } from 'vitest';
import { mandarinPhonemes } from './mandarin-phonemes.ts';

/** What misaki 0.9.4 gives for every syllable that pinyin-pro knows in U+4E00–9FFF, each in one of its tones. */
const syllables = `
a0 a, ai2 ai↗, an3 a↓n, ang1 a→ŋ, ao1 au→, ba0 pa, bai3 pai↓, ban3 pa↓n, bang4 pa↘ŋ, bao2 pau↗, bei3 pei↓
ben4 pə↘n, beng1 pə→ŋ, bi2 pi↗, bian3 pjɛ↓n, biao4 pjau↘, bie1 pje→, bin4 pi↘n, bing1 pi→ŋ, bo4 pwo↘, bu1 pu→
ca1 ʦʰa→, cai3 ʦʰai↓, can4 ʦʰa↘n, cang1 ʦʰa→ŋ, cao2 ʦʰau↗, ce4 ʦʰɤ↘, cen2 ʦʰə↗n, ceng2 ʦʰə↗ŋ, cha2 ꭧʰa↗
chai3 ꭧʰai↓, chan4 ꭧʰa↘n, chang1 ꭧʰa→ŋ, chao2 ꭧʰau↗, che3 ꭧʰɤ↓, chen0 ꭧʰən, cheng1 ꭧʰə→ŋ, chi2 ꭧʰɨ↗
chong3 ꭧʰʊ↓ŋ, chou4 ꭧʰou↘, chu0 ꭧʰu, chua1 ꭧʰwa→, chuai3 ꭧʰwai↓, chuan4 ꭧʰwa↘n, chuang1 ꭧʰwa→ŋ, chui1 ꭧʰwei→
chun2 ꭧʰwə↗n, chuo4 ꭧʰwo↘, ci1 ʦʰɨ→, cong2 ʦʰʊ↗ŋ, cou4 ʦʰou↘, cu4 ʦʰu↘, cuan2 ʦʰwa↗n, cui4 ʦʰwei↘, cun3 ʦʰwə↓n
cuo4 ʦʰwo↘, da1 ta→, dai1 tai→, dan3 ta↓n, dang4 ta↘ŋ, dao1 tau→, de1 tɤ→, dei1 tei→, den4 tə↘n, deng3 tə↓ŋ
di2 ti↗, dia3 tja↓, dian3 tjɛ↓n, diao4 tjau↘, die1 tje→, ding3 ti↓ŋ, diu1 tjou→, dong1 tʊ→ŋ, dou2 tou↗, du3 tu↓
duan1 twa→n, dui3 twei↓, dun4 twə↘n, duo3 two↓, e4 ɤ↘, ei1 ei→, en1 ə→n, eng1 ə→ŋ, er4 ɚ↘, fa1 fa→, fan2 fa↗n
fang3 fa↓ŋ, fei4 fei↘, fen1 fə→n, feng2 fə↗ŋ, fo2 fwo↗, fou3 fou↓, fu1 fu→, ga2 ka↗, gai3 kai↓, gan4 ka↘n
gang1 ka→ŋ, gao3 kau↓, ge3 kɤ↓, gei3 kei↓, gen1 kə→n, geng4 kə↘ŋ, gong1 kʊ→ŋ, gou3 kou↓, gu4 ku↘, gua1 kwa→
guai3 kwai↓, guan4 kwa↘n, guang1 kwa→ŋ, gui3 kwei↓, gun3 kwə↓n, guo1 kwo→, ha1 xa→, hai2 xai↗, han4 xa↘n
hang2 xa↗ŋ, hao1 xau→, he1 xɤ→, hei1 xei→, hen4 xə↘n, heng1 xə→ŋ, hng hŋ, hong3 xʊ↓ŋ, hou4 xou↘, hu1 xu→
hua4 xwa↘, huai2 xwai↗, huan4 xwa↘n, huang1 xwa→ŋ, hui2 xwei↗, hun2 xwə↗n, huo4 xwo↘, ji1 ʨi→, jia3 ʨja↓
jian4 ʨjɛ↘n, jiang1 ʨja→ŋ, jiao1 ʨjau→, jie2 ʨje↗, jin1 ʨi→n, jing3 ʨi↓ŋ, jiong1 ʨjʊ→ŋ, jiu1 ʨjou→, ju3 ʨy↓
juan4 ʨɥɛ↘n, jue1 ʨɥe→, jun4 ʨy↘n, ka1 kʰa→, kai1 kʰai→, kan3 kʰa↓n, kang4 kʰa↘ŋ, kao1 kʰau→, ke4 kʰɤ↘
kei1 kʰei→, ken4 kʰə↘n, keng1 kʰə→ŋ, kong4 kʰʊ↘ŋ, kou1 kʰou→, ku3 kʰu↓, kua4 kʰwa↘, kuai4 kʰwai↘, kuan1 kʰwa→n
kuang2 kʰwa↗ŋ, kui3 kʰwei↓, kun3 kʰwə↓n, kuo4 kʰwo↘, la0 la, lai3 lai↓, lan4 la↘n, lang1 la→ŋ, lao2 lau↗
le4 lɤ↘, lei1 lei→, leng1 lə→ŋ, li3 li↓, lia3 lja↓, lian3 ljɛ↓n, liang4 lja↘ŋ, liao2 ljau↗, lie3 lje↓, lin4 li↘n
ling2 li↗ŋ, liu2 ljou↗, lo0 lwo, long4 lʊ↘ŋ, lou4 lou↘, lu0 lu, luan2 lwa↗n, lun4 lwə↘n, luo3 lwo↓, lü2 ly↗
lüe4 lɥe↘, m4 m↘, ma2 ma↗, mai3 mai↓, man3 ma↓n, mang1 ma→ŋ, mao1 mau→, me4 mɤ↘, mei2 mei↗, men4 mə↘n
meng1 mə→ŋ, mi2 mi↗, mian3 mjɛ↓n, miao4 mjau↘, mie1 mje→, min3 mi↓n, ming4 mi↘ŋ, miu4 mjou↘, mo1 mwo→, mou3 mou↓
mu2 mu↗, n2 n↗, na2 na↗, nai2 nai↗, nan3 na↓n, nang4 na↘ŋ, nao1 nau→, ne2 nɤ↗, nei3 nei↓, nen4 nə↘n, neng2 nə↗ŋ
ng4 ŋ↘, ni3 ni↓, nian4 njɛ↘n, niang2 nja↗ŋ, niao4 njau↘, nie2 nje↗, nin3 ni↓n, ning2 ni↗ŋ, niu2 njou↗
nong4 nʊ↘ŋ, nou4 nou↘, nu3 nu↓, nuan3 nwa↓n, nuo2 nwo↗, nü4 ny↘, nüe4 nɥe↘, o2 ɔ↗, ou3 ou↓, pa4 pʰa↘, pai1 pʰai→
pan2 pʰa↗n, pang3 pʰa↓ŋ, pao4 pʰau↘, pei1 pʰei→, pen2 pʰə↗n, peng3 pʰə↓ŋ, pi2 pʰi↗, pian1 pʰjɛ→n, piao2 pʰjau↗
pie3 pʰje↓, pin4 pʰi↘n, ping1 pʰi→ŋ, po3 pʰwo↓, pou3 pʰou↓, pu4 pʰu↘, qi1 ʨʰi→, qia2 ʨʰja↗, qian3 ʨʰjɛ↓n
qiang4 ʨʰja↘ŋ, qiao1 ʨʰjau→, qie2 ʨʰje↗, qin3 ʨʰi↓n, qing4 ʨʰi↘ŋ, qiong2 ʨʰjʊ↗ŋ, qiu2 ʨʰjou↗, qu1 ʨʰy→
quan4 ʨʰɥɛ↘n, que2 ʨʰɥe↗, qun2 ʨʰy↗n, ran2 ɻa↗n, rang4 ɻa↘ŋ, rao4 ɻau↘, re2 ɻɤ↗, ren3 ɻə↓n, reng2 ɻə↗ŋ, ri4 ɻɨ↘
rong3 ɻʊ↓ŋ, rou4 ɻou↘, ru4 ɻu↘, rua2 ɻwa↗, ruan4 ɻwa↘n, rui2 ɻwei↗, run4 ɻwə↘n, ruo2 ɻwo↗, sa1 sa→, sai3 sai↓
san4 sa↘n, sang1 sa→ŋ, sao3 sau↓, se1 sɤ→, sen1 sə→n, seng1 sə→ŋ, sha2 ʂa↗, shai1 ʂai→, shan3 ʂa↓n, shang0 ʂaŋ
shao2 ʂau↗, she3 ʂɤ↓, shei2 ʂei↗, shen1 ʂə→n, sheng2 ʂə↗ŋ, shi2 ʂɨ↗, shou4 ʂou↘, shu1 ʂu→, shua4 ʂwa↘
shuai1 ʂwai→, shuan4 ʂwa↘n, shuang4 ʂwa↘ŋ, shui2 ʂwei↗, shun3 ʂwə↓n, shuo4 ʂwo↘, si1 sɨ→, song3 sʊ↓ŋ, sou4 sou↘
su1 su→, suan3 swa↓n, sui2 swei↗, sun1 swə→n, suo3 swo↓, ta0 tʰa, tai2 tʰai↗, tan3 tʰa↓n, tang4 tʰa↘ŋ
tao1 tʰau→, te4 tʰɤ↘, tei1 tʰei→, teng1 tʰə→ŋ, ti1 tʰi→, tian2 tʰjɛ↗n, tiao3 tʰjau↓, tie3 tʰje↓, ting1 tʰi→ŋ
tong2 tʰʊ↗ŋ, tou4 tʰou↘, tu0 tʰu, tuan1 tʰwa→n, tui2 tʰwei↗, tun3 tʰwə↓n, tuo4 tʰwo↘, wa0 wa, wai4 wai↘
wan3 wa↓n, wang4 wa↘ŋ, wei1 wei→, wen2 wə↗n, weng3 wə↓ŋ, wo4 wo↘, wu1 u→, xi2 ɕi↗, xia3 ɕja↓, xian4 ɕjɛ↘n
xiang1 ɕja→ŋ, xiao2 ɕjau↗, xie3 ɕje↓, xin4 ɕi↘n, xing1 ɕi→ŋ, xiong2 ɕjʊ↗ŋ, xiu3 ɕjou↓, xu4 ɕy↘, xuan1 ɕɥɛ→n
xue2 ɕɥe↗, xun4 ɕy↘n, ya3 ja↓, yan1 jɛ→n, yang2 ja↗ŋ, yao3 jau↓, ye2 je↗, yi3 i↓, yin2 i↗n, ying3 i↓ŋ, yo1 wo→
yong1 jʊ→ŋ, you2 jou↗, yu3 y↓, yuan4 ɥɛ↘n, yue3 ɥe↓, yun2 y↗n, za1 ʦa→, zai3 ʦai↓, zan0 ʦan, zang1 ʦa→ŋ
zao3 ʦau↓, ze4 ʦɤ↘, zei2 ʦei↗, zen3 ʦə↓n, zeng1 ʦə→ŋ, zha2 ꭧa↗, zhai1 ꭧai→, zhan2 ꭧa↗n, zhang1 ꭧa→ŋ, zhao4 ꭧau↘
zhe2 ꭧɤ↗, zhei4 ꭧei↘, zhen3 ꭧə↓n, zheng4 ꭧə↘ŋ, zhi1 ꭧɨ→, zhong3 ꭧʊ↓ŋ, zhou3 ꭧou↓, zhu4 ꭧu↘, zhua1 ꭧwa→
zhuai4 ꭧwai↘, zhuan1 ꭧwa→n, zhuang3 ꭧwa↓ŋ, zhui4 ꭧwei↘, zhun1 ꭧwə→n, zhuo1 ꭧwo→, zi2 ʦɨ↗, zong1 ʦʊ→ŋ, zou3 ʦou↓
zu3 ʦu↓, zuan1 ʦwa→n, zui3 ʦwei↓, zun4 ʦwə↘n, zuo4 ʦwo↘, ê4 ɛ↘
`;

const cases = syllables
  .trim()
  .split(/,?\s*\n|, /u)
  .map((pair) => pair.split(' '));

test('every syllable of Mandarin is spelled as the model was taught', () => {
  expect(cases.length).toBe(416);
  for (const [pinyin = '', phonemes = ''] of cases)
    expect(`${pinyin} ${mandarinPhonemes(pinyin)}`).toBe(`${pinyin} ${phonemes}`);
});

test.each([
  ['ma1', 'ma→'],
  ['ma2', 'ma↗'],
  ['ma3', 'ma↓'],
  ['ma4', 'ma↘'],
  ['ma0', 'ma'],
  ['ma5', 'ma'],
])('the tone of %s stands behind its vowel', (pinyin, phonemes) => {
  expect(mandarinPhonemes(pinyin)).toBe(phonemes);
});

test.each(['', '好', 'O', 'ma6', 'xyz1', 'ma1 ', '1', 'constructor1'])('%j is no syllable', (text) => {
  expect(mandarinPhonemes(text)).toBeNull();
});
