import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import {
  type DataMessage,
  dataMessage,
  echoMessage,
  exchange,
  idsOf,
  textDocuments,
  vectorOf,
} from './support/documents.js';
import { cosine, model, picture, rankingFixtures } from './support/fixtures.js';
import { type AnyClient, duplex, grpcClient, streamFailure, unary } from './support/grpc-clients.js';

let server: RunningServer;
const clients = new Map<string, AnyClient>();
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const client of clients.values()) client.close();
  await server?.stop();
});

function client(service: string): AnyClient {
  const known = clients.get(service) ?? grpcClient(`jina.${service}`, server.target);
  clients.set(service, known);
  return known;
}

const call = (metadata?: Metadata) => duplex<DataMessage, DataMessage>(client('JinaRPC'), 'Call', metadata);

const single = (message: DataMessage) =>
  unary<DataMessage>(client('JinaSingleDataRequestRPC'), 'process_single_data', message);

function prefetch(count: string): Metadata {
  const metadata = new Metadata();
  metadata.set('__prefetch__', count);
  return metadata;
}

const texts = ['a photo of a cat', 'a photo of a dog', 'a photo of a rocket'];

describe('jina.JinaRPC/Call', () => {
  it.each(['100', '1', 'many'])('answers every request of a stream by its id, with prefetch %s', async (count) => {
    const requests = Array.from({ length: 20 }, (_, at) => dataMessage(`r${at}`, textDocuments(`r${at}`, texts)));
    const answers = await exchange(call(prefetch(count)), requests);
    expect(new Set(answers.map(({ header }) => header.requestId))).toEqual(
      new Set(requests.map((r) => r.header.requestId)),
    );
    expect(answers).toHaveLength(20);
    for (const answer of answers) {
      expect(idsOf(answer)).toEqual(texts.map((_, at) => `${answer.header.requestId}-${at}`));
      for (const document of answer.data.docs.docs) expect(vectorOf(document)).toHaveLength(model.dimension);
      expect(answer.header.status).toBeNull();
      expect(answer.routes?.map(({ executor }) => executor)[0]).toBe('gateway');
    }
  });

  it('works on several requests of a stream at a time and answers the quick one first', async () => {
    const slow = dataMessage('slow', textDocuments('slow', Array<string>(2_000).fill('a long list of texts')));
    const answers = await exchange(call(), [slow, echoMessage('quick', 10)]);
    expect(answers.map(({ header }) => header.requestId)).toEqual(['quick', 'slow']);
  });

  it('answers the slow one first when results are asked for in order', async () => {
    const metadata = new Metadata();
    metadata.set('__results_in_order__', 'true');
    const slow = dataMessage('slow', textDocuments('slow', Array<string>(2_000).fill('a long list of texts')));
    const answers = await exchange(call(metadata), [slow, echoMessage('quick', 10), echoMessage('last', 10)]);
    expect(answers.map(({ header }) => header.requestId)).toEqual(['slow', 'quick', 'last']);
  });

  it('gives every document that came without an id one of its own', async () => {
    const bare = [{ text: 'a cat', matches: [{ text: 'a dog' }] }, { text: 'a cat' }];
    const [answer] = await exchange(call(), [dataMessage('bare', bare)]);
    const { docs } = answer!.data.docs;
    const ids = [docs[0]?.id, docs[0]?.matches?.[0]?.id, docs[1]?.id];
    expect(ids).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f]{32}$/)));
    expect(new Set(ids).size).toBe(3);
  });

  it('gives a document the same vector whatever it is sent with', async () => {
    const alone = await single(dataMessage('one', textDocuments('a', [texts[1]!])));
    const together = await single(dataMessage('three', textDocuments('b', texts)));
    expect(cosine(vectorOf(alone.data.docs.docs[0]), vectorOf(together.data.docs.docs[1]))).toBeCloseTo(1, 4);
  });

  it('a mistake in one request is told in band, and the stream goes on', async () => {
    const broken = dataMessage('broken', [{ id: 'bad', blob: Buffer.from('no image') }]);
    const answers = await exchange(call(), [broken, dataMessage('good', textDocuments('good', texts))]);
    const byId = new Map(answers.map((answer) => [answer.header.requestId, answer]));
    const status = byId.get('broken')?.header.status;
    expect(status?.code).toBe('ERROR');
    expect(status?.exception?.name).toBe('UnidentifiedImageError');
    expect(status?.description).toContain('bad');
    expect(vectorOf(byId.get('good')?.data.docs.docs[0])).toHaveLength(model.dimension);
  });

  it('an unknown model is told in band', async () => {
    const [answer] = await exchange(call(), [dataMessage('m', textDocuments('m', texts), '/encode/nosuch')]);
    expect(answer?.header.status?.exception?.args[0]).toContain(model.name);
  });

  it('keeps what it has nothing to do with', async () => {
    const tags = { fields: { colour: { stringValue: 'red' }, price: { numberValue: 1.5 } } };
    const [answer] = await exchange(call(), [dataMessage('t', [{ id: 'é😀', text: 'x', tags, uri: 'kept' }])]);
    expect(answer?.data.docs.docs[0]).toMatchObject({ id: 'é😀', uri: 'kept', mimeType: 'text/plain' });
    expect(JSON.stringify(answer?.data.docs.docs[0]?.tags)).toContain('"stringValue":"red"');
  });

  it('refuses a text, and access paths, that cost more than a request may, and says which', async () => {
    const long = dataMessage('l', textDocuments('l', ['x'.repeat(2 * 1024 * 1024 + 1)]));
    const chunks = Array.from({ length: 30_000 }, () => ({}));
    const far = {
      ...dataMessage('f', [{ id: 'f', chunks }]),
      parameters: { fields: { access_paths: { stringValue: Array(20).fill('c').join(',') } } },
    };
    for (const [message, part] of [
      [long, 'data.docs.docs[0].text is a text of more than 2097152 bytes'],
      [far, 'passes more than 500000 documents'],
    ] as const) {
      const refused = call();
      refused.write(message);
      const { code, details } = await streamFailure(refused as never);
      expect({ code, details }).toEqual({ code: status.RESOURCE_EXHAUSTED, details: expect.stringContaining(part) });
    }
  });

  it('ends well when the client sends nothing', async () => {
    expect(await exchange(call(), [])).toEqual([]);
  });
});

describe('the other services of jina', () => {
  it('process_single_data ranks as the stream does', async () => {
    const { file, texts: candidates, expected } = rankingFixtures[0]!;
    const matches = candidates.map((text, at) => ({ id: `${at}`, text, adjacency: 1 }));
    const answer = await single(dataMessage('rank', [{ id: 'q', blob: picture(file), matches }], '/rank'));
    const [root] = answer.data.docs.docs;
    expect(root?.matches?.[0]?.id).toBe(String(expected));
    expect(root?.matches?.[0]?.scores?.['clip_score']?.opName).toBe('softmax');
    expect(root?.matches?.[0]?.scores?.['clip_score_cosine']?.opName).toBe('cosine');
  });

  it('dry_run says success', async () => {
    expect(await unary(client('JinaGatewayDryRunRPC'), 'dry_run', {})).toMatchObject({
      code: 'SUCCESS',
      description: '',
    });
  });

  it('_status tells versions', async () => {
    const { jina } = await unary<{ jina: Record<string, string> }>(client('JinaInfoRPC'), '_status', {});
    expect(Object.keys(jina)).toContain('clip-as-service');
  });

  it('endpoint_discovery lists the endpoints', async () => {
    const found = await unary<{ endpoints: string[] }>(client('JinaDiscoverEndpointsRPC'), 'endpoint_discovery', {});
    expect(found.endpoints).toEqual(expect.arrayContaining(['/encode', '/rank', '/index', '/search']));
  });
});
