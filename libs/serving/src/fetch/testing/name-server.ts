import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

// Record types of RFC 1035 and 3596.
export const typeA = 1;
export const typeAaaa = 28;
const typeCname = 5;

/** What is answered to a question for a record type: the bytes of addresses, or an error. */
export type Answer = readonly (readonly number[])[] | 'error';

export interface NameServerOptions {
  /** How many other names the asked one leads through (CNAME) before the addresses come; default none. */
  readonly aliases?: number;
}

/** For specs: a name server (RFC 1035 §4) on loopback that gives the same answers for every name. */
export class NameServer {
  /** The questions that came, by record type. */
  readonly asked: number[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly answers: Readonly<Record<number, Answer>>,
    private readonly aliases: number,
  ) {
    socket.on('message', (query, from) => {
      const reply = this.reply(query);
      if (reply) socket.send(reply, from.port, from.address);
    });
  }

  /** A record type without an answer is never replied to. */
  static async start(answers: Readonly<Record<number, Answer>>, options: NameServerOptions = {}): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket, answers, options.aliases ?? 0);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return server;
  }

  /** As a resolver takes name servers: `127.0.0.1:PORT`. */
  get addresses(): string[] {
    return [`127.0.0.1:${this.socket.address().port}`];
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  private reply(query: Buffer): Buffer | undefined {
    const questionEnd = query.indexOf(0, 12) + 5;
    const type = query.readUInt16BE(questionEnd - 4);
    this.asked.push(type);
    const answer = this.answers[type];
    if (!answer) return undefined;
    const records = answer === 'error' ? [] : this.records(type, answer);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(answer === 'error' ? 0x8182 : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, query.subarray(12, questionEnd), ...records]);
  }

  /** The asked name (a pointer to byte 12, §4.1.4) is an alias of `a1.test`, that one of `a2.test`, and so on. */
  private records(type: number, addresses: readonly (readonly number[])[]): Buffer[] {
    const names = [Buffer.from([0xc0, 12]), ...Array.from({ length: this.aliases }, (_, at) => aliasName(at + 1))];
    const aliases = names.slice(1).map((target, at) => record(names[at] ?? target, typeCname, target));
    const last = names[this.aliases] ?? Buffer.alloc(1);
    return [...aliases, ...addresses.map((address) => record(last, type, Buffer.from(address)))];
  }
}

function aliasName(at: number): Buffer {
  const label = Buffer.from(`a${at}`);
  return Buffer.concat([Buffer.from([label.length]), label, Buffer.from('\x04test\0', 'latin1')]);
}

/** Of the class IN, to be kept for no time. */
function record(name: Buffer, type: number, data: Buffer): Buffer {
  return Buffer.concat([name, Buffer.from([0, type, 0, 1, 0, 0, 0, 0, 0, data.byteLength]), data]);
}
