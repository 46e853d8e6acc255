import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** `/openapi.json` and `/docs`, whose files come from the server itself. */
export function documentApi(app: NestFastifyApplication, version: string, sessionCookie: string): void {
  const config = new DocumentBuilder()
    .setTitle('CLIP-as-service: admin API')
    .setDescription('Failures are `{"error": {"code", "message"}}`. Times are milliseconds since 1970.')
    .setVersion(version)
    .addBearerAuth({ type: 'http', description: 'An access token with the scope admin:*' }, 'token')
    .addCookieAuth(sessionCookie, { type: 'apiKey', in: 'cookie' }, 'session')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'CLIP-as-service: admin API',
    swaggerOptions: { validatorUrl: null }, // else the page shows a badge from a server of Swagger's
  });
}
