export { isJinaClient } from './jina-client.js';
export { encodeHttpJinaResponse } from './json-proto.js';
export { decodeJsonRequest, type JsonRequestDefaults } from './json-request.js';
export { encodeHttpResponse, encodeWebSocketResponse } from './json-response.js';
export { readDataRequest } from './proto-request.js';
export { encodeDataResponse } from './proto-response.js';
export { RequestShapeError, type ShapeProblem } from './request-shape-error.js';
export { sealed, type SealedRequest } from './sealed-request.js';
