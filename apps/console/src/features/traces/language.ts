import type { QueryLanguage } from '../../query/language.js';

/** What requests are searched by. Words alone are request ids or trace ids. */
export const TRACES: QueryLanguage = {
  free: 'id',
  fields: [
    {
      key: 'outcome',
      aliases: ['status'],
      kind: 'text',
      about: `ok, failed or an error code`,
      example: 'outcome:failed',
    },
    { key: 'duration', kind: 'duration', about: 'how long it took', example: 'duration:>50ms' },
    { key: 'model', kind: 'text', about: 'the model that served', example: 'model:mini-clip' },
    { key: 'operation', kind: 'text', about: 'what was asked for', example: 'operation:embeddings' },
    {
      key: 'protocol',
      kind: 'choice',
      choices: ['http', 'grpc', 'websocket'],
      about: 'how it came',
      example: 'protocol:grpc',
    },
    { key: 'token', kind: 'text', about: 'the token it came with', example: 'token:anonymous' },
    {
      key: 'queue',
      aliases: ['wait'],
      kind: 'duration',
      about: 'its longest wait for a batch',
      example: 'queue:>20ms',
    },
    { key: 'items', kind: 'number', about: 'texts and images of the request', example: 'items:>8' },
    { key: 'batch.size', kind: 'number', about: 'items of the batch it rode in', example: 'batch.size:>8' },
    { key: 'batch.fill', kind: 'share', about: 'how full that batch was, 0 to 1', example: 'batch.fill:<0.3' },
    { key: 'replica', kind: 'text', about: 'where that batch ran', example: 'replica:mini-clip/0' },
    { key: 'device', kind: 'text', about: 'on what that batch ran', example: 'device:cpu' },
    { key: 'pod', kind: 'text', about: 'the process that served', example: 'pod:cas-1' },
    {
      ...{ key: 'kept', kind: 'choice', choices: ['sampled', 'failed', 'slow', 'quiet'] },
      ...{ about: 'why the trace was kept', example: 'kept:slow' },
    },
    {
      key: 'has',
      kind: 'choice',
      choices: ['batch', 'error', 'model', 'token'],
      about: 'what it has',
      example: 'has:batch',
    },
    { key: 'request', kind: 'text', about: 'a request id', example: 'request:abc' },
    { key: 'trace', kind: 'text', about: 'a trace id', example: 'trace:4bf92f…' },
    { key: 'id', kind: 'text', about: 'a request id or a trace id', example: 'id:abc' },
  ],
};
