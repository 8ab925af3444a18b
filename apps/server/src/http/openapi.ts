import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';

import { problemSchema } from '../problem/index.ts';

const VERSION = '1';

/** The OpenAPI 3.1 document of every route. The same code gives the same text: it is committed and held to that. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Stagewright')
    .setDescription(
      'Content workflows from Git: templates, runs, approvals, artifacts. Errors are RFC 9457 problem details with a stable code.',
    )
    .setVersion(VERSION)
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .addSecurityRequirements('bearer')
    .addGlobalResponse({
      status: 'default',
      description: 'Any error',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: convertSchema,
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  const schemas = { ...document.components?.schemas, ...jsonSchemaOf(problemSchema, 'output').components };
  document.components = {
    ...document.components,
    schemas: sorted(schemas),
  };
  document.paths = sorted(document.paths);
  return document;
}

/** The documentation pages at `/docs`, the document itself at `/docs/json`. Both are behind the token. */
export function serveDocs(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= openApiDocument(app)), {
    jsonDocumentUrl: 'docs/json',
    raw: ['json'],
  });
}

/** Schemas with an id become components that are named after it; all others stay where they are used. */
function convertSchema(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): JsonSchemaParts | undefined {
  return schema instanceof z.ZodType ? jsonSchemaOf(schema, schemaType) : undefined;
}

interface JsonSchemaParts {
  /** Refers to components as `#/$defs/<id>`; Nest turns these into references of the document. */
  schema: object;
  components: Record<string, object>;
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchemaParts {
  const options = { io, target: 'draft-2020-12', unrepresentable: 'any' } as const;
  const { $defs = {}, ...body } = z.toJSONSchema(schema, options);
  delete body.$schema;
  const components = Object.entries($defs).map(([name, definition]) => [name, withoutId(definition)]);
  return { schema: body, components: Object.fromEntries(components) as Record<string, object> };
}

/** The id is the component's name; inside it would be an address of its own. */
function withoutId(definition: object): object {
  return Object.fromEntries(Object.entries(definition).filter(([key]) => key !== 'id'));
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
