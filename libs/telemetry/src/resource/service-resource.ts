import type { Resource } from '@opentelemetry/resources';

let found: Promise<Resource> | undefined;

/**
 * Who sends, as OpenTelemetry describes it: this service and its version, this instance of it, its host, and what
 * OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say. Spans and metrics of a process have the same.
 *
 * @param version that of the service
 */
export function serviceResource(version: string): Promise<Resource> {
  found ??= findResource(version);
  return found;
}

async function findResource(version: string): Promise<Resource> {
  const resources = await import('@opentelemetry/resources');
  const { serviceInstanceIdDetector, hostDetector, envDetector } = resources;
  const resource = resources
    .defaultResource()
    .merge(resources.resourceFromAttributes({ 'service.name': 'clip-as-service', 'service.version': version }))
    .merge(resources.detectResources({ detectors: [serviceInstanceIdDetector, hostDetector, envDetector] }));
  await resource.waitForAsyncAttributes?.();
  return resource;
}
