import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A web server for images that answers when the test says so: a request to it holds a call in flight for as long as a
 * test needs, without any sleeping.
 */
export class ImageHost implements AsyncDisposable {
  private readonly held: ServerResponse[] = [];
  private readonly arrivals: (() => void)[] = [];
  /** Requests whose connection the other side cut before they were answered. */
  cut = 0;

  private constructor(
    private readonly server: Server,
    private readonly image: Buffer,
  ) {
    server.on('request', (req, res) => {
      if (req.url !== '/held') return void res.end(this.image);
      res.once('close', () => {
        if (!res.writableFinished) this.cut++;
      });
      this.held.push(res);
      this.arrivals.shift()?.();
    });
  }

  static async serving(image: Buffer): Promise<ImageHost> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ImageHost(server, image);
  }

  /** Answered at once. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/image`;
  }

  /** Answered by `release`. */
  get heldUrl(): string {
    return this.url.replace('/image', '/held');
  }

  /** Resolves at the next request for the held image. */
  asked(): Promise<void> {
    return new Promise((resolve) => this.arrivals.push(resolve));
  }

  /** Answers every request that waits. */
  release(): void {
    for (const res of this.held.splice(0)) res.end(this.image);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
