import { ERROR_CODES } from '#core';
import { answerObject, type ApiSchema, schemaNamed } from '../openapi/api-schema.js';

/** What `HttpErrorFilter` answers. */
export const ERROR_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  ErrorCode: { type: 'string', enum: [...ERROR_CODES] },
  OpenAiError: answerObject({
    error: answerObject({
      message: { type: 'string', description: 'What is wrong and what to do' },
      type: { type: 'string', enum: ['invalid_request_error', 'rate_limit_error', 'server_error'] },
      param: { type: ['string', 'null'], description: 'The field that it is about' },
      code: schemaNamed('ErrorCode'),
    }),
  }),
  DetailError: answerObject(
    {
      detail: {
        anyOf: [
          { type: 'string' },
          {
            type: 'array',
            items: answerObject({
              loc: { type: 'array', items: { type: ['string', 'integer'] }, description: 'The way to the place' },
              msg: { type: 'string' },
              type: { type: 'string' },
            }),
          },
        ],
      },
    },
    {
      header: {
        ...answerObject({ status: schemaNamed('DocumentsStatus') }),
        description: 'With 503 and 504: why, in the form from which the Python client makes a ConnectionError',
      },
    },
  ),
};
