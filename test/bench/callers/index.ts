import type { CallerFactories } from './caller.js';
import { clipV1 } from './clip-v1.js';
import { encodeStream } from './encode-stream.js';
import { embeddings, post } from './http.js';
import { jinaRpc } from './jina-rpc.js';
import { webSocket } from './web-socket.js';

/** How each protocol is called. */
export const callers: CallerFactories = {
  'clip.v1': clipV1,
  EncodeStream: encodeStream,
  JinaRPC: jinaRpc,
  '/v1/embeddings': embeddings,
  '/post': post,
  WebSocket: webSocket,
};
