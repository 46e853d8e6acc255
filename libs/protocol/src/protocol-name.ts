/** What a request came by, as metrics, tokens' last use and traces name it. */
export type ProtocolName = 'grpc' | 'http' | 'websocket';
