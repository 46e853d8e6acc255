/** What the header of a file says. */
export interface HeaderFields {
  /** In pixels, as stored. */
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel, alpha included. A palette index is one sample. */
  readonly samples: number;
  /** Bits of a sample. */
  readonly bits: number;
  /** Whether the picture comes in several passes (progressive, interlaced), so that all of it is in memory at once. */
  readonly inPasses: boolean;
}
