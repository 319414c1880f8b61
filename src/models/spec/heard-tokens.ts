/** What a provider that bills recordings by tokens counted. */
export interface HeardTokens {
  /** All that it took in: of text and of sound. */
  input: number;
  inputText: number;
  inputAudio: number;
  output: number;
}
