import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BIGINT, varchar } from '../columns.js';

/** A counter that numbers changes in the order of their commits; see `nextChange`. */
@Entity('change_counter')
export class ChangeCounterEntity {
  @PrimaryColumn(varchar(40))
  name!: string;

  @Column(BIGINT)
  value!: number;
}
