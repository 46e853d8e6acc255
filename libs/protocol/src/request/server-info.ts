import { arch, platform, release } from 'node:os';

/** What clients may ask of the service itself. A class, so that it is its own injection token. */
export abstract class ServiceState {
  /** The version of this software. */
  abstract readonly version: string;
  /** Whether the default model can answer now. */
  abstract isReady(): boolean;
}

/** The endpoints that mean something; every other one encodes. */
export const SERVED_ENDPOINTS = ['/encode', '/rank', '/index', '/search'];

/** What `GET /status` and `JinaInfoRPC/_status` tell; `jina` is the map in which its clients look for versions. */
export function serverInfo(version: string): { jina: Record<string, string>; envs: Record<string, string> } {
  return {
    jina: {
      'clip-as-service': version,
      protocol: 'jina 3.23.2, docarray 0.21.0',
      node: process.versions.node,
      platform: platform(),
      'platform-release': release(),
      architecture: arch(),
      uptime: new Date(Date.now() - Math.round(process.uptime() * 1000)).toISOString(),
    },
    envs: {},
  };
}
