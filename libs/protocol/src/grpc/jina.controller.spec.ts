import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeDataResponse, readDataRequest } from '../codec/index.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

let server: RunningServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.app.close());

/** Requests and answers are the same message, so each codec reads and writes both. */
function requestOf(requestId: string): Promise<Buffer> {
  const parts = { endpoint: '/encode', parameters: {}, hasParameters: false, routes: [] };
  return encodeDataResponse({ requestId, ...parts, documents: [{ id: requestId, text: 'a cat' }] });
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** The ids of the answered requests in the order in which the answers came. */
async function orderOf(requestIds: string[], resultsInOrder?: string): Promise<string[]> {
  const metadata = new Metadata();
  if (resultsInOrder !== undefined) metadata.set('__results_in_order__', resultsInOrder);
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  try {
    const stream = client.makeBidiStreamRequest('/jina.JinaRPC/Call', asIs, asIs, metadata);
    for (const id of requestIds) stream.write(await requestOf(id));
    stream.end();
    const order: string[] = [];
    for await (const answer of stream) order.push((await readDataRequest(answer as Buffer, 0)).requestId);
    return order;
  } finally {
    client.close();
  }
}

describe('JinaRPC/Call', () => {
  const asked = ['a', 'b', 'c', 'd', 'e', 'f'];

  beforeEach(() => {
    // Of the four that are worked on at a time the first takes longest.
    server.model.turnsOf = (submission) => 50 * (4 - (submission % 4));
  });

  it('answers in the order of the requests when the caller asks for results in order', async () => {
    expect(await orderOf(asked, 'true')).toEqual(asked);
  });

  it.each([undefined, 'false'])('answers as requests finish when the caller says %s to it', async (resultsInOrder) => {
    const order = await orderOf(asked, resultsInOrder);
    expect(order).not.toEqual(asked);
    expect(order.sort()).toEqual(asked);
  });
});
