// Why a bundle is not taken.

export interface Refusal {
  /** One sentence, with what to do where something can be done. */
  readonly reason: string;
  /** The same bundle would be refused tomorrow, too: it need not be fetched again. */
  readonly isFinal: boolean;
}
