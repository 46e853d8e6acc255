/** What a request came by, as metrics and tokens' last use name it. */
export type ProtocolName = 'grpc' | 'http' | 'websocket';
