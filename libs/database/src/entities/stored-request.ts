import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, ID_LENGTH, TEXT, varchar } from '../columns.js';

/** What a request sent to be encoded, where its token has that stored. Nothing else holds any text or image. */
@Entity('stored_request')
@Index('stored_request_started_at_ms', ['startedAtMs', 'bytes'])
@Index('stored_request_principal_id', ['principalId', 'bytes'])
export class StoredRequestEntity {
  /** The trace id and the id of the request's own span, as of `request_trace`. */
  @PrimaryColumn(varchar(ID_LENGTH))
  id!: string;

  @Index('stored_request_trace_id')
  @Column(varchar(32))
  traceId!: string;

  @Index('stored_request_request_id')
  @Column(varchar(128))
  requestId!: string;

  /** The token. */
  @Column(varchar(ID_LENGTH))
  principalId!: string;

  @Column(varchar(60))
  operation!: string;

  /** The model that served; empty where none did. */
  @Column(varchar(200))
  model!: string;

  @Column(BIGINT)
  startedAtMs!: number;

  @Column(BIGINT)
  items!: number;

  /** Of the row, as far as the size limit counts it. */
  @Column(BIGINT)
  bytes!: number;

  /** JSON: texts as they came, images in base64, addresses of images that came by one. */
  @Column(TEXT)
  content!: string;
}
