import { ApiProperty } from '@nestjs/swagger';

export class CpuView {
  @ApiProperty({ type: 'integer', description: 'Cores that the process may use' })
  cores!: number;

  @ApiProperty({ type: 'integer', description: 'Of the machine, or the limit of the container where that is less' })
  memoryTotalBytes!: number;

  @ApiProperty({ type: 'integer' })
  memoryFreeBytes!: number;
}

/** A graphics card; null = the driver does not tell. */
export class CardView {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'cuda:N; tensorrt:N is the same card. Null where CUDA_VISIBLE_DEVICES hides it',
  })
  device!: string | null;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiProperty({ type: String, nullable: true })
  uuid!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  memoryTotalBytes!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'At this moment' })
  memoryFreeBytes!: number | null;

  @ApiProperty({ type: String, nullable: true })
  driverVersion!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'CUDA compute capability, such as 8.9' })
  computeCapability!: string | null;
}

export class LibrariesView {
  @ApiProperty()
  cuda!: boolean;

  @ApiProperty()
  tensorrt!: boolean;
}

export class DevicesAnswer {
  @ApiProperty({ type: CpuView, nullable: true, description: 'Null where this process serves no models' })
  cpu!: CpuView | null;

  @ApiProperty({ type: [CardView], description: 'Those that models may name first, by their numbers' })
  cards!: CardView[];

  @ApiProperty({
    type: LibrariesView,
    nullable: true,
    description: 'Whether the files of the GPU providers are installed; null where this process serves no models',
  })
  libraries!: LibrariesView | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why cards cannot be used, or not as one may expect' })
  note!: string | null;
}
