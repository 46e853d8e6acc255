import { describe, expect, it } from 'vitest';
import { KnownHosts } from './hosts.js';

const hosts = new KnownHosts(['Clip.Example.com', 'box.corp.example']);

describe('KnownHosts', () => {
  it.each([
    undefined,
    '',
    'localhost',
    'localhost:51000',
    'LOCALHOST.',
    'app.localhost:80',
    '127.0.0.1:51000',
    '10.1.2.3',
    '[::1]:51000',
    '[::ffff:127.0.0.1]',
    'clip',
    'my_service:51000',
    'clip.models.svc.cluster.local',
    'host.docker.internal:51000',
    'clip.example.com',
    'clip.example.com.:8443',
    'BOX.corp.example:51000',
  ])('has %j', (host) => {
    expect(hosts.has(host)).toBe(true);
    expect(() => hosts.require(host)).not.toThrow();
  });

  it.each([
    'evil.example',
    'evil.example:51000',
    'evil.example.',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'clip.example.com.evil.example',
    'sub.clip.example.com',
    'evillocal.example',
  ])('has not %j, and says by what name it was asked', (host) => {
    expect(hosts.has(host)).toBe(false);
    const name = host.replace(/:\d+$/, '').replace(/\.$/, '');
    expect(() => hosts.require(host)).toThrow(
      expect.objectContaining({ code: 'permission_denied', message: expect.stringContaining(name) }),
    );
  });
});
