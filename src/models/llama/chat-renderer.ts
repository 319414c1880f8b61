import {
  SpecialToken,
  SpecialTokensText,
  type ChatHistoryItem,
  type ChatWrapper,
  type LlamaModel,
  type LlamaText,
} from 'node-llama-cpp';
import { InvalidInputError } from '../../base/errors.ts';
import type { ChatTurn } from './engine-protocol.ts';
import { commonPrefixLength } from './prefix-reuse.ts';
import { TokenizationCache } from './tokenization-cache.ts';

export interface RenderedPrompt {
  tokens: number[];
  /** Tokens that every prompt with the same stable turns begins with; 0 when no turns are stable. */
  stableEnd: number;
  /**
   * Ascending token counts at which later prompts of this conversation are likely to part from this one: the ends of
   * the last few turns. The last one is the end of all turns, before the reply's own header.
   */
  turnEnds: number[];
  stopTokens: Set<number>;
  stopTexts: string[];
}

interface Piece {
  kind: 'text' | 'special-text' | 'special-token';
  value: string;
}

/** Volatile notes sit near the end of a prompt; three turns back is before them and the newest message. */
const turnEndsWanted = 3;

/** Renders chat turns through the model's own template, and finds where prompts may part. */
export class ChatRenderer {
  readonly #model: LlamaModel;
  readonly #wrapper: ChatWrapper;
  readonly #cache: TokenizationCache;

  constructor(model: LlamaModel, wrapper: ChatWrapper) {
    this.#model = model;
    this.#wrapper = wrapper;
    this.#cache = new TokenizationCache((text, special, trim) =>
      model.tokenize(text, special, trim ? 'trimLeadingSpace' : undefined),
    );
  }

  /** The texts around a thought, when the model has thoughts. */
  get thoughtMarks(): { open: string; close: string } | null {
    const thought = this.#wrapper.settings.segments?.thought;
    if (!thought?.suffix) return null;
    const { prefix, suffix } = thought;
    // Some templates open the thought themselves: then a reply starts in the middle of one.
    const open = typeof prefix === 'object' && 'type' in prefix ? '' : plainText(prefix).trim();
    return { open, close: plainText(suffix).trim() };
  }

  render(turns: readonly ChatTurn[], options: { stableTurns: number }): RenderedPrompt {
    if (turns.length === 0) throw new InvalidInputError('The prompt has no messages.');
    const rendered = this.#context(turns);
    const pieces = toPieces(rendered.contextText);
    const firstEnd = Math.max(1, turns.length - turnEndsWanted + 1);
    const turnEnds: number[] = [];
    for (let count = firstEnd; count <= turns.length; count++)
      turnEnds.push(this.#endOf(pieces, turns.slice(0, count)));
    const stable = Math.min(options.stableTurns, turns.length);
    return {
      tokens: this.#tokens(pieces),
      stableEnd: stable === 0 ? 0 : this.#endOf(pieces, turns.slice(0, stable)),
      turnEnds,
      ...this.#stops(rendered.stopGenerationTriggers),
    };
  }

  /** A reply's text comes back as history: remembering its tokens makes it the same tokens again. */
  rememberReply(text: string, tokens: readonly number[]): void {
    this.#cache.set({ text, special: false, trim: true }, tokens);
  }

  #context(turns: readonly ChatTurn[]): { contextText: LlamaText; stopGenerationTriggers: LlamaText[] } {
    const chatHistory: ChatHistoryItem[] = turns.map((turn) => {
      if (turn.role === 'assistant') return { type: 'model', response: [turn.text] };
      return { type: turn.role, text: turn.text };
    });
    if (turns.at(-1)?.role !== 'assistant') chatHistory.push({ type: 'model', response: [] });
    return this.#wrapper.generateContextState({ chatHistory });
  }

  /** Tokens that `pieces` shares with whatever may follow the given first turns. */
  #endOf(pieces: readonly Piece[], turns: readonly ChatTurn[]): number {
    const user: ChatTurn = { role: 'user', text: 'x' };
    const reply: ChatTurn = { role: 'assistant', text: 'y' };
    const ends: number[] = [];
    for (const continuation of [[user], [reply, user]]) {
      try {
        ends.push(this.#sharedTokens(pieces, toPieces(this.#context([...turns, ...continuation]).contextText)));
      } catch {
        // Some templates refuse two messages of one role in a row; then no prompt continues this way either.
      }
    }
    return ends.length === 0 ? 0 : Math.min(...ends);
  }

  #sharedTokens(left: readonly Piece[], right: readonly Piece[]): number {
    let count = 0;
    for (const [index, piece] of left.entries()) {
      const other = right[index];
      if (other?.kind !== piece.kind) return count;
      const tokens = this.#pieceTokens(piece, count > 0);
      if (other.value !== piece.value) return count + commonPrefixLength(tokens, this.#pieceTokens(other, count > 0));
      count += tokens.length;
    }
    return count;
  }

  #tokens(pieces: readonly Piece[]): number[] {
    const tokens: number[] = [];
    for (const piece of pieces) for (const token of this.#pieceTokens(piece, tokens.length > 0)) tokens.push(token);
    return tokens;
  }

  #pieceTokens(piece: Piece, hasContent: boolean): readonly number[] {
    if (piece.kind === 'special-token') {
      return this.#model.tokenize(piece.value as 'BOS' | 'EOS' | 'NL' | 'EOT' | 'SEP', 'builtin');
    }
    return this.#cache.get({ text: piece.value, special: piece.kind === 'special-text', trim: hasContent });
  }

  #stops(triggers: readonly LlamaText[]): { stopTokens: Set<number>; stopTexts: string[] } {
    const stopTokens = new Set<number>();
    const stopTexts: string[] = [];
    for (const trigger of triggers) {
      const pieces = toPieces(trigger);
      if (pieces.every((piece) => piece.kind === 'text')) stopTexts.push(pieces.map((piece) => piece.value).join(''));
      const tokens = this.#tokens(pieces);
      const [only] = tokens;
      if (tokens.length === 1 && only !== undefined && pieces[0]?.kind !== 'text') stopTokens.add(only);
    }
    return { stopTokens, stopTexts };
  }
}

function plainText(text: LlamaText | string): string {
  return typeof text === 'string'
    ? text
    : toPieces(text)
        .map((piece) => piece.value)
        .join('');
}

/** Neighbouring plain texts are one tokenization unit, as in the library's own rendering. */
function toPieces(text: LlamaText): Piece[] {
  const pieces: Piece[] = [];
  for (const value of text.values) {
    const piece: Piece =
      value instanceof SpecialToken
        ? { kind: 'special-token', value: value.value }
        : value instanceof SpecialTokensText
          ? { kind: 'special-text', value: value.value }
          : { kind: 'text', value };
    const last = pieces.at(-1);
    if (piece.kind === 'text' && last?.kind === 'text') last.value += piece.value;
    else pieces.push(piece);
  }
  return pieces;
}
