import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, BIGINT_OR_NULL, ID_LENGTH, TEXT, TEXT_OR_NULL, varchar, varcharOrNull } from '../columns.js';

/** A process of the service, and what it last said of itself. */
@Entity('pod')
export class PodEntity {
  /** Its host's name, with a number where several processes on one host share a database. */
  @PrimaryColumn(varchar(253))
  name!: string;

  /** Made anew at each start, so that a process notices that another one has taken its name. */
  @Column(varchar(ID_LENGTH))
  instance!: string;

  @Column(varchar(253))
  host!: string;

  @Column(BIGINT)
  pid!: number;

  @Column(varchar(40))
  version!: string;

  /** Separated by commas. */
  @Column(varchar(100))
  roles!: string;

  @Column(BIGINT)
  startedAtMs!: number;

  @Index('pod_reported_at_ms')
  @Column(BIGINT)
  reportedAtMs!: number;

  /** JSON: the parts of its report. */
  @Column(TEXT)
  report!: string;
}

/** Something that a pod was asked to do. */
@Entity('pod_command')
@Index('pod_command_pod', ['pod', 'takenAtMs'])
export class PodCommandEntity {
  @PrimaryColumn(varchar(ID_LENGTH))
  id!: string;

  @Column(varchar(253))
  pod!: string;

  @Column(varchar(60))
  kind!: string;

  /** JSON. */
  @Column(TEXT)
  arguments!: string;

  @Column(varchar(200))
  askedById!: string;

  @Column(varchar(400))
  askedByName!: string;

  @Index('pod_command_asked_at_ms')
  @Column(BIGINT)
  askedAtMs!: number;

  /** When the pod began, or when the asker gave up; null while it waits. */
  @Column(BIGINT_OR_NULL)
  takenAtMs!: number | null;

  @Column(BIGINT_OR_NULL)
  endedAtMs!: number | null;

  /** `ok`, or the code of an error; null while it is under way. */
  @Column(varcharOrNull(60))
  outcome!: string | null;

  /** JSON of the answer, or of the error's text; null while it is under way. */
  @Column(TEXT_OR_NULL)
  answer!: string | null;
}
