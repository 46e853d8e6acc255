import type { Scope } from '#core';
import type { Need } from '../request/access.js';

/** What a gRPC method requires of its caller; checked before any of its messages is read. */
export interface MethodAccess {
  readonly needs: Need;
  /** Whether its messages are never larger than the few bytes that any caller may send. */
  readonly small?: true;
}

const open: MethodAccess = { needs: 'nothing', small: true };
const documents: MethodAccess = { needs: 'documents' };

/** Every served method, by its path. A method without a row is served to nobody. */
const METHODS = new Map<string, MethodAccess>([
  ['/clip.v1.Clip/Encode', { needs: 'encode' }],
  ['/clip.v1.Clip/EncodeStream', { needs: 'encode' }],
  ['/clip.v1.Clip/Rank', { needs: 'rank' }],
  ['/clip.v1.Clip/ListModels', { needs: 'models:read', small: true }],
  ['/jina.JinaRPC/Call', documents],
  ['/jina.JinaSingleDataRequestRPC/process_single_data', documents],
  ['/jina.JinaGatewayDryRunRPC/dry_run', open],
  ['/jina.JinaDiscoverEndpointsRPC/endpoint_discovery', open],
  ['/jina.JinaInfoRPC/_status', open],
  ['/grpc.health.v1.Health/Check', open],
  ['/grpc.health.v1.Health/List', open],
  ['/grpc.health.v1.Health/Watch', open],
  ['/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', open],
  ['/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo', open],
]);

/** The scopes with which a token may ask for documents to be worked on. */
export const DOCUMENT_SCOPES: readonly Scope[] = ['encode', 'rank', 'index', 'search'];

/** What the method at `path` asks for; undefined for one that has no row. */
export function methodAccess(path: string): MethodAccess | undefined {
  return METHODS.get(path);
}

/** Throws where a served method has no row, so that it is found at the start and not by a call. */
export function requireRows(paths: Iterable<string>): void {
  const missing = [...paths].filter((path) => !METHODS.has(path));
  if (missing.length > 0) throw new TypeError(`These gRPC methods do not say what they need: ${missing.join(', ')}`);
}
