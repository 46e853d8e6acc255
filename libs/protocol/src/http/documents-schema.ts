import { answerObject, type ApiSchema, schemaNamed } from '../openapi/api-schema.js';

/** A number stands for its digits, as with the Python server. */
const text: ApiSchema = { type: ['string', 'number', 'null'] };
const number: ApiSchema = { type: ['number', 'null'] };
const count: ApiSchema = { type: ['integer', 'null'], minimum: 0, maximum: 0xffff_ffff };
const object: ApiSchema = { type: ['object', 'null'], additionalProperties: true };
const array: ApiSchema = { anyOf: [schemaNamed('NumberList'), number] };
const documents: ApiSchema = { type: ['array', 'null'], items: schemaNamed('Document') };
const scores: ApiSchema = {
  type: ['object', 'null'],
  additionalProperties: {
    type: 'object',
    properties: { value: number, op_name: text, description: text, ref_id: text },
  },
};

/** What the routes of the Python server read (`readJsonRequest`), as far as a schema can say it. */
const REQUEST_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  DocumentsRequest: {
    type: 'object',
    description: 'Unknown fields are ignored; null counts as left out; camelCase is read too',
    properties: {
      data: {
        description: 'The documents, as a list or as {"docs": […]}',
        anyOf: [
          documents,
          { type: 'object', required: ['docs'], properties: { docs: documents }, additionalProperties: true },
        ],
      },
      exec_endpoint: {
        ...text,
        description:
          '/encode, /rank, /encode/MODEL or /rank/MODEL; anything else encodes. Else the path of the request',
      },
      execEndpoint: { ...text, description: 'The same as exec_endpoint, and before it' },
      target_executor: { ...text, description: 'Ignored: there is one executor' },
      targetExecutor: { ...text, description: 'Ignored' },
      parameters: {
        ...object,
        description: 'model_name, access_paths, drop_image_content; others come back as they are',
      },
      header: { description: 'request_id comes back in the answer' },
    },
    additionalProperties: true,
  },
  Document: {
    type: 'object',
    description: 'null counts as left out; fields that are not known come back as they are',
    properties: {
      id: { ...text, description: 'Comes back; 32 hex digits without one' },
      text: { ...text, description: 'A text' },
      blob: { ...text, description: 'The file of an image, in base64' },
      tensor: { ...array, description: 'Pixels: [height, width, 3], numbers of 0 to 255 or floats of 0 to 1' },
      uri: { ...text, description: 'An image by data URI, http(s) address, or a path inside CAS_FILE_ROOT' },
      matches: { ...documents, description: 'The candidates of /rank' },
      chunks: documents,
      tags: object,
      embedding: array,
      mime_type: text,
      modality: text,
      parent_id: text,
      granularity: count,
      adjacency: count,
      weight: number,
      offset: number,
      location: { type: ['array', 'null'], items: { type: 'number' } },
      scores,
      evaluations: scores,
      _metadata: object,
    },
    additionalProperties: true,
  },
  NumberList: {
    type: 'array',
    description: 'Lists of one length each, down to the numbers',
    items: { anyOf: [{ type: 'number' }, schemaNamed('NumberList')] },
  },
};

const word: ApiSchema = { type: ['string', 'null'] };
const answeredArray: ApiSchema = { anyOf: [schemaNamed('AnsweredNumbers'), number] };
const answeredScores: ApiSchema = {
  type: ['object', 'null'],
  additionalProperties: answerObject({ value: number, op_name: word, description: word, ref_id: word }),
};
const answeredDocuments: ApiSchema = { type: ['array', 'null'], items: schemaNamed('AnsweredDocument') };

/** What they answer (`encodeHttpResponse`). */
const ANSWER_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  DocumentsAnswer: answerObject({
    header: answerObject({
      requestId: { type: 'string' },
      status: {
        description:
          'null, or why the request failed: a document that cannot be encoded fails its request, with status 200',
        anyOf: [schemaNamed('DocumentsStatus'), { type: 'null' }],
      },
      execEndpoint: { type: 'string' },
      targetExecutor: { type: 'string' },
    }),
    parameters: { type: 'object', additionalProperties: true },
    routes: {
      type: 'array',
      description: "The gateway's time and the model's",
      items: answerObject({
        executor: { type: 'string' },
        startTime: { type: 'string', format: 'date-time' },
        endTime: { type: 'string', format: 'date-time' },
        status: { anyOf: [schemaNamed('DocumentsStatus'), { type: 'null' }] },
      }),
    },
    data: { type: 'array', items: schemaNamed('AnsweredDocument') },
  }),
  DocumentsStatus: answerObject(
    {
      code: { type: 'integer', description: '0: success, 1: error' },
      description: { type: 'string' },
    },
    {
      exception: answerObject({
        name: { type: 'string', description: 'Of the exception that the Python server raises' },
        args: { type: 'array', items: { type: 'string' } },
        stacks: { type: 'array', items: { type: 'string' } },
        executor: { type: 'string' },
      }),
    },
  ),
  AnsweredDocument: {
    ...answerObject({
      id: { type: 'string' },
      parent_id: word,
      granularity: count,
      adjacency: count,
      blob: { ...word, description: 'Base64' },
      tensor: answeredArray,
      mime_type: word,
      text: word,
      weight: number,
      uri: word,
      tags: object,
      offset: number,
      location: { type: ['array', 'null'], items: number },
      embedding: answeredArray,
      modality: word,
      evaluations: answeredScores,
      scores: answeredScores,
      chunks: answeredDocuments,
      matches: answeredDocuments,
    }),
    additionalProperties: true,
  },
  AnsweredNumbers: {
    type: 'array',
    description: 'What is no number in JSON, such as NaN, is null',
    items: { anyOf: [number, schemaNamed('AnsweredNumbers')] },
  },
};

/** The schemas of the compatible surface, by their names in the API's document. */
export const DOCUMENTS_SCHEMAS: Readonly<Record<string, ApiSchema>> = { ...REQUEST_SCHEMAS, ...ANSWER_SCHEMAS };
