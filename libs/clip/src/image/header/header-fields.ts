/** What a format's reader finds in the head of a file. */
export interface HeaderFields {
  /** In pixels, as stored. */
  readonly width: number;
  readonly height: number;
  /** Numbers in a pixel, alpha included; an index into a palette is one. */
  readonly samples: number;
  /** Bits of a sample. */
  readonly bits: number;
  /** The picture comes in several passes (progressive, interlaced), so that all of it is in memory at once. */
  readonly inPasses: boolean;
}
