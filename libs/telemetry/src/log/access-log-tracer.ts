import { type EndedRequest, type ReadField, type RemoteParent, type RequestTracer, RequestTrace } from '#core';
import type { AccessLog } from './access-log.js';

/** The tracer `inner`, if anything is traced, with a line in `accessLog` for each request that ends. */
export class AccessLogTracer implements RequestTracer {
  constructor(
    private readonly accessLog: AccessLog,
    private readonly inner: RequestTracer | undefined,
  ) {}

  begin<Source>(requestId: string, source: Source, read: ReadField<Source>): RequestTrace {
    return this.inner?.begin(requestId, source, read) ?? untraced(requestId);
  }

  beginNext(parent: RemoteParent | undefined, requestId: string): RequestTrace {
    return this.inner?.beginNext(parent, requestId) ?? untraced(requestId);
  }

  adopt<Source>(trace: RequestTrace, source: Source, read: ReadField<Source>): void {
    this.inner?.adopt(trace, source, read);
  }

  end(request: EndedRequest): void {
    this.accessLog.onEnd(request);
    if (this.inner && request.trace.isTraced) this.inner.end(request);
    else request.trace.clear();
  }
}

/** Its ids are on the lines of the request alone, which they tell from those of others. */
function untraced(requestId: string): RequestTrace {
  return new RequestTrace(undefined, undefined, requestId);
}
