/**
 * The codes of ISO/IEC 11172-3, table 3-B.7: for each pair of a table (16 shares its codes with 17–23, 24 with 25–31) one
 * number in base 36, whose highest bit stands before the bits of the code. Pairs are in the order of their first value.
 */
const CODES: Readonly<Record<number, string>> = {
  1: '3 9 5 8',
  2: '3 a 1t b 9 x z y 1s',
  3: '7 6 1t 9 5 x z y 1s',
  5: '3 a 1y 3p b 9 1w 3o 1z 1x 3r 75 3q 1t 3l 74',
  6: 'f b 11 3l e 6 j y l k 10 1t 1v z 1u 3k',
  7: '3 a 22 7n 7k ei b j 1z 3u 3p 77 23 10 3x 7l 7c ec 3w 3v 7m en ej ea 3r 3q 7d em eb sh 7a 78 ed sj si sg',
  8: '7 c 1y 7m 7g ed d 5 i 7k 7d 77 1z j 1x 7i 7b eb 7n 7l 7j el ei sk 7h 3p 7c ej sl sh ek 78 ec e9 1kx 1kw',
  9: 'f d 15 26 7j ef e c l 11 1y 7b n m 14 20 3s 79 27 12 21 3u 3p 75 3v 1z 3t 3q 78 e9 7i 3o 7a 76 ee e8',
  10: [
    '3 a 22 7r f7 f2 ek sx b j 20 3w 7m et 7g 7b 23 21 3z 7p f4 tk er ee 3y 3x 7q f6 tq t3 eq sn 7o 7n f5 tr',
    't7 t2 sp sj f3 eu tl t6 1lh 1lg sl 1kz 7i 7h ei sr sw sm 1l1 1kx eh 7c ef so sk 1l0 1ky 1kw',
  ].join(' '),
  11: [
    '7 c 16 48 82 f5 7p en d b k 22 80 7l 3v 7e 17 13 25 42 7y f3 7o 79 49 23 43 fv 7v sy 7g ed 83 81 7z fu',
    'f2 sw ef sl 7w 7u f4 sz sx 1lb so 1la 7i 3w 3t 7h em sp sk sh 7f 3o 7a ee sm sj si sg',
  ].join(' '),
  12: [
    'p e 1c 4h 89 fb fa ey f d m 15 47 40 7u 7f 1d n 17 26 45 7y 3u 7b 29 16 27 24 42 7w 7i 79 4g 25 46 43 7m',
    '7k 7d ed 88 41 7z 7x 7l el 78 ea 7v 3w 3v 7j 7e ef ec sh ez 7g 7c ek ee eb e9 sg',
  ].join(' '),
  13: [
    '3 l 26 45 82 fn fi uf fe tw 1ms 1mc 37n 370 6cr 6c3 b k 24 43 7z 7u fg f5 f3 ew tc t4 1lr 36r 36e 366 27',
    '25 47 84 fv fl ul u9 f1 tk ta 1m0 1ln 36p 6cq 6c0 46 44 85 fx fs un uh u8 tn 1n0 1mg 1lx 1lm 36n 6c9 6by',
    '83 40 fw ft v5 uj 1o2 1nf ty 1mx 1mf 36x 374 6d1 6c7 cns fu 7v fm v4 uk ue 1nh 1n8 1n1 1mi 37z 1lp 6dm',
    '6cx co9 cnl fj fh um ui 1o3 1ni 1ne 1n3 1mt 383 37r 376 6d7 6cm co4 cnj ug f6 u0 1nj 1ng 1n9 38b 38a 386',
    '37t 6dp 6dd 6cz coc 1eln 1elm ff 7o f2 to tz 1n2 1mw 387 37y 37h 372 6d2 6cl cny pas pao tx ex tl th 1m4',
    '1mj 1me 6dt 37m 6do 6d5 com co5 cnm 1elj paj tf td tb 1mh 1m2 382 37s 6ds 373 6d6 con 6c5 cnq pay 1eli',
    '2t5i 1md t5 t3 1ly 37q 37g 377 36s 6d3 6ca 6ci cnr paz pam pah 1ekn 1lu 1ls 1lo 36v 375 6dn 36m 6d0 cog',
    'co8 pbo pb0 paq 1ekx 1ekp 1ekl 371 1lh 36q 6dc 6d4 6cy coh cod cnz cnn cng pan 1ekq paf 1ekm 1ekj 6cw',
    '36f 36c 6cn 6ck 6cj pbp cnp cnk 2t5j pal pai pae 2t4x 1ekk 1eki 368 367 6c1 cnv cnt cno pb1 cnf pap pak',
    '1ekw 1eko b8jl 5m9t b8jk 1ekh',
  ].join(' '),
  15: [
    'f s 1e 51 4v 98 ho h8 gp vv vg 1o7 1nv 1n5 396 6db t d 1c 2j 4u 4k 8t 8j 8a g6 fo ur u9 tl 1mj 1lw 1f 1d',
    '1b 2g 4p 4i 8r 8g 88 g0 fm um u6 1n4 1mg 1lt 2l 2k 2h 4r 4n 8v 8n gt gc fv v1 ug ty 1mz 1ma 1lp 50 2e 4q',
    '4o 8z 8p gv gf g8 ft ux ud tt 1mq 1m6 1ln 99 4l 4j 8y 8q 8k gr ga fy fk un u7 1ne 1mm 1m0 36u hp 4g 8s',
    '8o 8i gs ge g1 fr uv uf tv 1mx 1mb 37q 36m h9 8l 8h gu go gb g2 vu uz uh u0 tm 1mo 1m4 1lh 36h gq 8b 89',
    'gd g9 fz fs v0 ul ua tr 1mr 1m8 379 36s 36c g7 82 g3 fw fu fl uw uk ub 1nu 1mv 1me 1ly 36v 36f 367 vh fp',
    'fn fj uy uq u2 u1 ts 1mw 1mh 1m1 1lj 36j 6da 361 uu fe fc f9 ue u8 tw tn 1mu 1mf 1m2 1ll 36l 36a 363 6bv',
    '1o6 uc f2 tz tu tq 1my 1mp 1m9 1lz 1lk 1lc 36e 365 6by 6br 1nf to tj ti te 1mn 1mc 1m5 1lr 378 36k 36b',
    '366 360 6bt 6bn 397 1mk 1mi 1md 1m7 1m3 1ls 1li 36t 36g 369 364 6bz 6bu 35u 6bl 37r 1lx 1lu 1lq 1lo 1lg',
    '1ld 36i 36d 368 362 35y 6bs 6bq 6bm 6bk',
  ].join(' '),
  16: [
    '3 l 26 8c ga fz vi v1 1po 1p1 1oq 3ci 3c1 3b7 6m0 ep b k 24 44 83 fy fp fj ur uj uc 1o7 3bd 1nv 3bj 7d',
    '27 25 47 86 g3 fu vb uy 1pd ug 1of 1o5 1ny 3bl 3bi eo 8d 45 87 g5 g0 vm v7 uv 1pa 1os 3cs 3bo 3bb 6mb',
    '6lp t6 gb 84 g4 g1 vn v9 1pv 1pg 1p7 3d4 3cm 3c2 6mj 6m6 6lm eh g2 7y fv fs va 1q1 1pp 3d5 1ou 3ct 3c8',
    '6mo 6mc 6m2 czh sw vj fq fo v8 1q0 1pu 1pc 1ol 3cx 3ck 3c4 3bt 6m9 6lq d6z sq v6 fk uz uw 1ph 1p9 1p0',
    '3d1 3co 6mv 6ml 6lw 6m4 pyx pys so ut us up 1pb 1p8 1ov 3d0 3cp 6nf 6mp 6mg 6m7 d7b d6x d6s sn 1p6 uk uh',
    '1ot 1oj 3cw 3cl 6ne 6mu 6mi 6m8 d7j 6lj d6u 6lc 1l7 1or 1oh ub 1od 3cn 3c9 3c5 3bv 6mh d7r d7l d74 pyt',
    'pyq czb sk 3cj 1o8 1o6 1o3 3c3 3bz 6mk d7u d7q d7k d75 d6w d6q 6hr cz8 1l2 3be 3c0 3by 3bu 3bs 6md 6ma',
    '6m5 6lo pyw czf d6r czc cz9 1fwg 1l0 d7v 3bn 3bm 3bk 6lu 6m3 d7i d77 d6y 1fwn pyr pyl pyk 2vsz py9 1ky',
    '6m1 6lt 1nq 3az d7a d76 6li d6v d6t pya 1fwm pyf 2vsy pye cz6 1kw ek 7e 7b ej ei sx sr sp 1l9 1l8 1l6',
    '1l3 1l1 1kz 1kx 77',
  ].join(' '),
  24: [
    'v t 32 5s b6 li l4 14i 14a 23h 231 22x 225 1z9 3yg go u s 1h 2u 5j aq ai k8 k1 jq 11j 121 11b 10p 107 8a',
    '33 1i 2x 5m 5g ao ag kd jz jm ja 11w 117 10n 1zx 42 5t 2v 5n 5i au al ac kc jw ji j6 11h 113 10l zz 40',
    'b7 5k 5h av an ae a8 k2 js jg 128 11f 10y 10d 1zw 3y lj 5e ap am af aa k6 ju jk j8 11x 119 10t 109 zq 3w',
    'l5 aj ah ad a9 k7 jy jn jd 123 11m 110 10j 100 1zc 3u 14j ab a7 a5 k3 jv jo jf 129 11o 115 10q 10b 1zn',
    '1vh 7l 14b k4 k0 jx jt jl je j5 ix 11c 10v 10e zw 1z6 1vd 7k 11r jr jp jj jh j9 j2 11p 11d 10x 10h 103',
    '1zd 1vf 1v7 7f 23g jc jb j7 j3 120 11n 116 10w 10i 105 1zm 1vj 1v9 1v2 7e 230 122 iz iw is 11a 111 10r',
    '10f 104 zr 1z5 1vb 1v4 1uy 7a 22w 11e 118 114 10z 10u 10k 10c zx zp 1z4 1vc 1v6 1v0 1uv 78 224 10s 10o',
    '10m 10g 10a 101 zu 1z7 1vg 1va 1v5 1v1 1ux 1ut 76 3yh 108 106 102 zv zs zn 1vi 1ve 1v8 1v3 1uz 1uw 1uu',
    '1us 74 8b 44 43 41 3z 3x 3v 3t 3r 3q 3o 7b 79 77 75 j',
  ].join(' '),
};
/** Those of four values of at most 1: the first in the highest bit of the index. */
const QUAD_CODES = ['3 l k 11 m 1x 10 1w n z 12 1s 13 1u 1v 1t', 'v u t s r q p o n m l k j i h g'];

export interface HuffmanTable {
  /** Values of a pair are below it; the largest stands for more where there are `linbits`. */
  size: number;
  linbits: number;
  lengths: Uint8Array;
  codes: Uint32Array;
  /** Next node for a bit, two for each node; a leaf is `-1 - index`. */
  tree: Int16Array;
}

const LINBITS = [1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11, 13];
const known = new Map<string, Omit<HuffmanTable, 'linbits'>>();

/** Null for 0, of which every value is 0, and for 4 and 14, which there are not. */
export function pairTable(number: number): HuffmanTable | null {
  const shared = number < 16 ? number : number < 24 ? 16 : 24;
  const text = CODES[shared];
  if (text === undefined) return null;
  return { ...parse(text), linbits: number < 16 ? 0 : (LINBITS[number - 16] ?? 0) };
}

/** Of quadruples; the index holds a bit for each value. */
export function quadTable(number: 0 | 1): HuffmanTable {
  return { ...parse(QUAD_CODES[number] ?? ''), linbits: 0 };
}

function parse(text: string): Omit<HuffmanTable, 'linbits'> {
  const before = known.get(text);
  if (before) return before;
  const marked = text.split(' ').map((word) => Number.parseInt(word, 36));
  const lengths = Uint8Array.from(marked, (value) => 31 - Math.clz32(value));
  const codes = Uint32Array.from(marked, (value, index) => value - 2 ** (lengths[index] ?? 0));
  const table = { size: Math.sqrt(marked.length), lengths, codes, tree: treeOf(lengths, codes) };
  known.set(text, table);
  return table;
}

function treeOf(lengths: Uint8Array, codes: Uint32Array): Int16Array {
  const tree = [0, 0];
  for (const [index, length] of lengths.entries()) {
    let node = 0;
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      const at = node * 2 + (((codes[index] ?? 0) >> bit) & 1);
      if (bit === 0) tree[at] = -1 - index;
      else if (tree[at] === 0) {
        tree[at] = tree.length / 2;
        tree.push(0, 0);
      }
      node = tree[at] ?? 0;
    }
  }
  return Int16Array.from(tree);
}
