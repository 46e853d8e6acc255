import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BIGINT, BIGINT_OR_NULL, TEXT, varchar } from '../columns.js';

/** Who set which models should be served: the settings of a process, or a person through the admin API. */
export type DesiredModelsSource = 'settings' | 'admin';

/** One version of which models should be served; the highest is in force. */
@Entity('desired_models')
export class DesiredModelsEntity {
  /** The value of the change counter `models` with which it was written. */
  @PrimaryColumn(BIGINT)
  version!: number;

  /** JSON: a list of models. */
  @Column(TEXT)
  models!: string;

  @Column(varchar(20))
  source!: DesiredModelsSource;

  @Column(BIGINT)
  createdAtMs!: number;

  /** The id of the actor. */
  @Column(varchar(200))
  createdBy!: string;

  /** For people. */
  @Column(varchar(400))
  createdByName!: string;

  @Column(varchar(500))
  note!: string;

  /** When a process first served all of it; null until then. A version that was served once can be fallen back to. */
  @Column(BIGINT_OR_NULL)
  servedAtMs!: number | null;
}
