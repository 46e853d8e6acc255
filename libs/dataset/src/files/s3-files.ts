import { Readable } from 'node:stream';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { DomainError } from '#core';
import type { FileStore, StoredFile } from './file-store.js';
import { fileTooLarge, isHidden } from './file-store.js';

/** How a bucket is reached; what is not given comes from the environment, as with every program of the AWS SDK. */
export interface S3Options {
  /** Of an S3-compatible store, such as `http://minio:9000`. */
  readonly endpoint?: string | undefined;
}

/** A reading that is cut off goes on where it was, this often without a byte in between. */
const CUTS_MAX = 5;

/**
 * Opens `s3://bucket/prefix` or `s3://bucket/key`. Credentials, region and endpoint come from the environment, files
 * and roles that the AWS SDK knows. With an endpoint of one's own, buckets stand in the path, as most stores want it.
 *
 * @throws DomainError `invalid_argument` for an address that names no bucket
 */
export async function openS3Files(address: string, { endpoint }: S3Options): Promise<FileStore> {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/i.exec(address) ?? [];
  if (bucket === undefined) throw new DomainError('invalid_argument', 'An S3 source is written s3://bucket/prefix.');
  const { S3Client: Client } = await import('@aws-sdk/client-s3');
  const own = endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const client = new Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(own === undefined ? {} : { forcePathStyle: true, ...(region === undefined ? { region: 'us-east-1' } : {}) }),
  });
  const store = new S3Files(client, bucket, key);
  await store.find();
  return store;
}

class S3Files implements FileStore {
  /** The prefix that names are relative to; ends with a slash unless it is empty. */
  private root = '';
  /** The name of the one object when the address is that of an object. */
  private only: StoredFile | undefined;

  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly key: string,
  ) {}

  /** Finds out whether the address is that of an object or of what lies below it. */
  async find(): Promise<void> {
    const size = this.key === '' || this.key.endsWith('/') ? undefined : await this.sizeOf(this.key);
    if (size === undefined) {
      this.root = this.key === '' || this.key.endsWith('/') ? this.key : `${this.key}/`;
      return;
    }
    const slash = this.key.lastIndexOf('/') + 1;
    this.root = this.key.slice(0, slash);
    this.only = { name: this.key.slice(slash), bytes: size };
  }

  async *list(): AsyncGenerator<StoredFile> {
    if (this.only) {
      yield this.only;
      return;
    }
    const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    const input = { Bucket: this.bucket, Prefix: this.root };
    try {
      for await (const page of paginateListObjectsV2({ client: this.client }, input)) {
        for (const { Key = '', Size = 0 } of page.Contents ?? []) {
          const name = Key.slice(this.root.length);
          if (name !== '' && !name.endsWith('/') && !isHidden(name)) yield { name, bytes: Size };
        }
      }
    } catch (thrown) {
      throw s3Error(thrown);
    }
  }

  stream(name: string): Promise<Readable> {
    return Promise.resolve(Readable.from(this.pieces(name), { objectMode: false }));
  }

  async readRange(name: string, start: number, end: number): Promise<Uint8Array> {
    const { Body } = await this.get(name, `bytes=${start}-${end - 1}`);
    const bytes = await Body?.transformToByteArray();
    if (bytes?.length === end - start) return bytes;
    throw new DomainError('unavailable', `The store gave another number of bytes of ${name} than were asked for.`);
  }

  async readWhole(name: string, bytesMax: number): Promise<Uint8Array | undefined> {
    const size = await this.sizeOf(this.root + name);
    if (size === undefined) return undefined;
    if (size > bytesMax) throw fileTooLarge(size, bytesMax);
    return size === 0 ? new Uint8Array() : this.readRange(name, 0, size);
  }

  close(): Promise<void> {
    this.client.destroy();
    return Promise.resolve();
  }

  private async *pieces(name: string): AsyncGenerator<Uint8Array> {
    const size = await this.sizeOf(this.root + name);
    if (size === undefined) throw new DomainError('not_found', `The bucket has no ${name}.`);
    let [at, cuts] = [0, 0];
    while (at < size) {
      try {
        const { Body } = await this.get(name, `bytes=${at}-${size - 1}`);
        if (!(Body instanceof Readable)) throw new Error('no stream came');
        for await (const piece of Body) {
          if (!(piece instanceof Uint8Array)) continue;
          at += piece.length;
          cuts = 0;
          yield piece;
        }
        if (at < size) throw new Error('the stream ended early');
      } catch (thrown) {
        cuts += 1;
        if (cuts > CUTS_MAX) throw s3Error(thrown);
      }
    }
  }

  private async get(name: string, range: string): Promise<GetObjectCommandOutput> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      return await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: this.root + name, Range: range }));
    } catch (thrown) {
      throw s3Error(thrown);
    }
  }

  private async sizeOf(key: string): Promise<number | undefined> {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const { ContentLength } = await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }));
      return ContentLength ?? 0;
    } catch (thrown) {
      if (statusOf(thrown) === 404) return undefined;
      throw s3Error(thrown);
    }
  }
}

function statusOf(thrown: unknown): number | undefined {
  const metadata = thrown instanceof Error && '$metadata' in thrown ? thrown.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function s3Error(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const status = statusOf(thrown);
  const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  if (status === 401 || status === 403)
    return new DomainError('permission_denied', `The store refuses access (${reason}).`, { cause: thrown });
  if (status === 404) return new DomainError('not_found', `The store has no such bucket or object (${reason}).`);
  return new DomainError('unavailable', `The store cannot be read (${reason}).`, { cause: thrown });
}
