import { applyDecorators, HttpCode, HttpStatus, SetMetadata } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

export const RETURNS = 'lightfold:returns';

/** What a handler answers: the schema filters and renames its result, and documents it. */
export function Returns(schema: z.ZodType, status: HttpStatus = HttpStatus.OK) {
  return applyDecorators(
    SetMetadata(RETURNS, schema),
    HttpCode(status),
    ApiResponse({ status, description: HttpStatus[status], schema: jsonSchema(schema) }),
  );
}

export const RETURNS_NOTHING = 'lightfold:returns-nothing';

export function ReturnsNothing(status: HttpStatus = HttpStatus.NO_CONTENT) {
  return applyDecorators(
    SetMetadata(RETURNS_NOTHING, true),
    HttpCode(status),
    ApiResponse({ status, description: HttpStatus[status] }),
  );
}

export const RETURNS_BYTES = 'lightfold:returns-bytes';

/** A handler that writes another media type than JSON, or redirects. */
export function ReturnsBytes(mediaType: string, status: HttpStatus = HttpStatus.OK) {
  return applyDecorators(
    SetMetadata(RETURNS_BYTES, mediaType),
    HttpCode(status),
    ApiResponse({ status, description: HttpStatus[status], content: { [mediaType]: {} } }),
  );
}

/** OpenAPI 3.1 speaks JSON Schema; `$schema` does not belong inside a document. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'output') {
  const document: Record<string, unknown> = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  delete document.$schema;
  return document;
}
