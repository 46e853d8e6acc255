/** A GPU as the driver describes it at one moment; undefined = it does not say. */
export interface GraphicsCard {
  /** As `nvidia-smi` counts: in the order of the bus, from 0. Undefined for a part of a card that is named by its id. */
  readonly index: number | undefined;
  /** `GPU-…`, or `MIG-…` for a part of a card. */
  readonly uuid: string | undefined;
  readonly name: string | undefined;
  readonly memoryTotalBytes: number | undefined;
  readonly memoryFreeBytes: number | undefined;
  readonly driverVersion: string | undefined;
  /** Such as `8.9`; drivers before 510 do not tell. */
  readonly computeCapability: string | undefined;
  /** Cut into MIG instances: CUDA sees one of them, and the memory figures are those of the whole card. */
  readonly isPartitioned: boolean;
}
