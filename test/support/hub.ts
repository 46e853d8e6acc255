import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RepositoryFiles } from './model-repositories.js';

/** What the hub does wrong with the next requests for a file; `times` of them, then it behaves. */
export type HubFault =
  /** Ends the connection after so many bytes of the answer. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly times?: number }
  /** Sends so many bytes and then nothing more. */
  | { readonly kind: 'stall'; readonly afterBytes: number; readonly times?: number }
  /** Sends so many bytes and the rest when told. */
  | { readonly kind: 'hold'; readonly afterBytes: number; readonly until: Promise<void>; readonly times?: number }
  /** Sends other bytes of the same length. */
  | { readonly kind: 'wrong-content'; readonly times?: number }
  /** Names another digest in its headers than in its list. */
  | { readonly kind: 'wrong-header'; readonly times?: number }
  /** Answers a range with the whole file. */
  | { readonly kind: 'ignore-range'; readonly times?: number }
  /** Answers with this status. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly times?: number;
    }
  /** Does not tell how large the file is. */
  | { readonly kind: 'no-size'; readonly times?: number }
  /** Redirects to itself so often before it answers. */
  | { readonly kind: 'redirects'; readonly times: number };

/** A request that came in. */
export interface HubRequest {
  /** The hub itself, or the host that it sends downloads of large files to. */
  readonly host: 'hub' | 'cdn';
  readonly path: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

/** Large files are stored apart and served by another host, as the hub's are. */
const LARGE_BYTES = 2_000;

/** A server on loopback that speaks the hub's HTTP API, and misbehaves when told to. */
export class HubServer implements AsyncDisposable {
  readonly requests: HubRequest[] = [];
  /** Which repository wants which token. */
  readonly gated = new Map<string, string>();
  /** As mirrors do that know nothing of sizes and digests. */
  listsNamesOnly = false;
  private readonly repositories = new Map<string, Map<string, Buffer>>();
  private readonly faults = new Map<string, { fault: HubFault; left: number }[]>();

  private constructor(
    private readonly hub: Server,
    private readonly cdn: Server,
  ) {}

  static async start(): Promise<HubServer> {
    const hub = createServer();
    const cdn = createServer();
    const server = new HubServer(hub, cdn);
    hub.on('request', (req, res) => server.onHub(req, res));
    cdn.on('request', (req, res) => server.onCdn(req, res));
    await Promise.all(
      [hub, cdn].map((each) => new Promise<void>((listening) => each.listen(0, '127.0.0.1', listening))),
    );
    return server;
  }

  /** `http://127.0.0.1:PORT`: what CAS_HUB_URL is set to. */
  get url(): string {
    return addressOf(this.hub);
  }

  publish(repository: string, files: RepositoryFiles): void {
    this.repositories.set(
      repository,
      new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)])),
    );
  }

  /**
   * The next requests for this file, or for a repository's list of files, go wrong; faults of one file follow each
   * other.
   */
  fail(path: string, fault: HubFault): void {
    this.faults.set(path, [...(this.faults.get(path) ?? []), { fault, left: fault.times ?? 1 }]);
  }

  /** The requests for contents of files, without the list. */
  get downloads(): readonly HubRequest[] {
    return this.requests.filter(({ host, path }) => host === 'cdn' || path.includes('/resolve/'));
  }

  /** What the hub names as the commit of a repository. */
  commitOf(repository: string): string {
    return hash('sha1', Buffer.from(repository));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.hub, this.cdn]) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  private onHub(req: IncomingMessage, res: ServerResponse): void {
    const path = this.note('hub', req);
    const [, listed] = /^\/api\/models\/([^/]+\/[^/]+)\/revision\//.exec(path) ?? [];
    const [, repository = listed ?? '', file = ''] = /^\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(path) ?? [];
    const files = this.repositories.get(repository);
    const token = this.gated.get(repository);
    if (!files) return end(res, 401, { 'x-error-code': 'RepoNotFound' });
    if (token !== undefined && req.headers.authorization !== `Bearer ${token}`) {
      return end(res, 401, { 'x-error-code': 'GatedRepo' });
    }
    if (listed !== undefined) return this.list(repository, files, res);
    const content = files.get(file);
    if (!content) return end(res, 404, { 'x-error-code': 'EntryNotFound' });
    this.resolve(repository, file, content, req, res);
  }

  private list(repository: string, files: ReadonlyMap<string, Buffer>, res: ServerResponse): void {
    if (this.statusFault(repository, res)) return;
    const siblings = [...files].map(([rfilename, content]) =>
      this.listsNamesOnly
        ? { rfilename }
        : {
            rfilename,
            size: content.length,
            blobId: gitSha1(content),
            ...(content.length >= LARGE_BYTES
              ? { lfs: { sha256: hash('sha256', content), size: content.length, pointerSize: 134 } }
              : {}),
          },
    );
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ id: repository, sha: this.commitOf(repository), gated: false, siblings }));
  }

  private resolve(repository: string, file: string, content: Buffer, req: IncomingMessage, res: ServerResponse): void {
    res.setHeader('x-repo-commit', this.commitOf(repository));
    if (content.length < LARGE_BYTES) {
      if (this.statusFault(file, res)) return;
      if (this.take(file, 'no-size')) return void res.writeHead(200).end();
      res.setHeader('etag', `"${gitSha1(content)}"`);
      return this.send(file, content, req, res);
    }
    const redirects = this.take(file, 'redirects');
    if (redirects) return end(res, 307, { location: req.url ?? '' });
    const digest = this.take(file, 'wrong-header') ? '0'.repeat(64) : hash('sha256', content);
    res.setHeader('x-linked-etag', `"${digest}"`);
    res.setHeader('x-linked-size', content.length);
    end(res, 302, { location: `${addressOf(this.cdn)}/${repository}/${file}` });
  }

  private onCdn(req: IncomingMessage, res: ServerResponse): void {
    const path = this.note('cdn', req);
    const [, repository = '', file = ''] = /^\/([^/]+\/[^/]+)\/(.+)$/.exec(path) ?? [];
    const content = this.repositories.get(repository)?.get(file);
    if (!content) return end(res, 404, {});
    if (this.statusFault(file, res)) return;
    this.send(file, content, req, res);
  }

  private send(file: string, content: Buffer, req: IncomingMessage, res: ServerResponse): void {
    const start = /^bytes=(\d+)-$/.exec(req.headers.range ?? '')?.[1];
    const whole = start === undefined || this.take(file, 'ignore-range');
    const from = whole ? 0 : Number(start);
    const sent = this.take(file, 'wrong-content') ? Buffer.alloc(content.length, '!') : content;
    const body = sent.subarray(from);
    res.setHeader('content-length', body.length);
    if (!whole) res.setHeader('content-range', `bytes ${from}-${content.length - 1}/${content.length}`);
    res.statusCode = whole ? 200 : 206;
    const cut = this.take(file, 'cut');
    const hold = this.take(file, 'hold');
    const stall = this.take(file, 'stall');
    if (cut?.kind === 'cut') res.write(body.subarray(0, cut.afterBytes), () => res.destroy());
    else if (hold?.kind === 'hold') {
      res.write(body.subarray(0, hold.afterBytes));
      void hold.until.then(() => res.end(body.subarray(hold.afterBytes)));
    } else if (stall?.kind === 'stall') res.write(body.subarray(0, stall.afterBytes));
    else res.end(body);
  }

  private statusFault(path: string, res: ServerResponse): boolean {
    const fault = this.take(path, 'status');
    if (fault?.kind !== 'status') return false;
    end(res, fault.status, fault.headers ?? {});
    return true;
  }

  /** The fault of this kind, if it is the next of the path. */
  private take(path: string, kind: HubFault['kind']): HubFault | undefined {
    const [next] = this.faults.get(path) ?? [];
    if (next?.fault.kind !== kind) return undefined;
    next.left -= 1;
    if (next.left === 0) this.faults.get(path)?.shift();
    return next.fault;
  }

  private note(host: HubRequest['host'], req: IncomingMessage): string {
    const path = decodeURIComponent((req.url ?? '').split('?')[0] ?? '');
    const { authorization, range } = req.headers;
    this.requests.push({ host, path, authorization, range });
    return path;
  }
}

function end(res: ServerResponse, status: number, headers: Record<string, string>): void {
  res.writeHead(status, { ...headers, 'content-length': '0' }).end();
}

function addressOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function gitSha1(content: Buffer): string {
  return hash('sha1', Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]));
}

function hash(algorithm: 'sha1' | 'sha256', content: Buffer): string {
  return createHash(algorithm).update(content).digest('hex');
}
