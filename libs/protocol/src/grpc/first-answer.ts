import type { FirstByteTimer } from '../request/first-byte.js';
import type { BaseInterceptor } from './base-call.js';

/**
 * Times the answers of unary calls, from their head. On a stream each message is a request of its own, which
 * `serveStream` times. It goes before `interceptor`.
 */
export function timeFirstAnswer(firstBytes: FirstByteTimer, interceptor: BaseInterceptor): BaseInterceptor {
  return (method, call) => {
    if (!method.responseStream) {
      const headAtMs = firstBytes.head();
      const send = call.sendMessage.bind(call);
      call.sendMessage = (message, done) => {
        firstBytes.begins('grpc', headAtMs);
        send(message, done);
      };
    }
    return interceptor(method, call);
  };
}
