import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawGrpcCall } from '../e2e/support/raw-grpc-call.js';
import { type RunningServer, startServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';

// Metadata is ASCII. What is not is either as if it had not been sent or refused; it is neither read as something else
// nor written down.

const LIST_MODELS = '/clip.v1.Clip/ListModels';

let desk: TokenDesk;
let server: RunningServer;
let authorization: string;
beforeAll(async () => {
  desk = await TokenDesk.open();
  server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required', CAS_LOG_LEVEL: 'trace' } });
  authorization = `Bearer ${(await desk.create()).token}`;
});
afterAll(async () => {
  await server?.stop();
  await desk?.[Symbol.asyncDispose]();
});

describe('metadata that is not ASCII', () => {
  it.each(['caf\xe9-id', Buffer.from('日本').toString('latin1'), 'id\ttwo'])(
    'is no request id: the call gets one of the server (%j)',
    async (id) => {
      const trailers = await rawGrpcCall(server, LIST_MODELS, { authorization, 'x-request-id': id });
      expect(trailers).toMatchObject({ 'grpc-status': '0', 'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/) });
    },
  );

  it('is no token: the call is refused for a wrong one, with the id of the request', async () => {
    const trailers = await rawGrpcCall(server, LIST_MODELS, {
      authorization: `${authorization}\xa0`,
      'x-request-id': 'asked-1',
    });
    expect(trailers).toMatchObject({
      'grpc-status': '16',
      'error-code': 'unauthenticated',
      'grpc-message': expect.stringContaining('not%20valid'),
      'x-request-id': 'asked-1',
    });
  });

  it.each([
    ['another field', { 'x-anything': 'caf\xe9' }],
    ['a field that its key forbids', { 'x!anything': 'a' }],
    ['a deadline', { 'grpc-timeout': '1\xe9' }],
  ])('is as if it had not been sent: %s', async (_what, headers) => {
    expect(await rawGrpcCall(server, LIST_MODELS, { authorization, ...headers })).toMatchObject({ 'grpc-status': '0' });
  });

  it('is written to no log', async () => {
    await rawGrpcCall(server, LIST_MODELS, {
      authorization: 'Bearer planted-\xe9-secret',
      'x-other': 'planted-\xe9-other',
    });
    await rawGrpcCall(server, LIST_MODELS, { authorization: `${authorization}\xa0` });
    await server.stop();
    expect(server.text()).not.toContain('planted-');
    expect(server.text()).not.toContain(authorization.slice('Bearer '.length));
    expect(server.text()).not.toContain('illegal characters');
  });
});
