import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiUnprocessableEntityResponse } from '@nestjs/swagger';

/** What the documentation page shows of every route that takes documents. */
export function ApiDocuments(): MethodDecorator {
  return applyDecorators(
    ApiBody({
      schema: {
        type: 'object',
        properties: {
          data: { type: 'array', items: { type: 'object', additionalProperties: true } },
          exec_endpoint: { type: 'string', description: 'Only for /post: /encode, /rank, /encode/MODEL, /rank/MODEL' },
          parameters: { type: 'object', additionalProperties: true },
        },
        example: { data: [{ text: 'a photo of a cat' }], exec_endpoint: '/encode' },
      },
    }),
    ApiOkResponse({ description: 'The documents; a failed request tells why in `header.status`.' }),
    ApiUnprocessableEntityResponse({
      description: 'The body is not JSON or has the wrong shape; `detail` says where.',
    }),
  );
}
