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
  const schemas = { ...document.components?.schemas, Problem: jsonSchemaOf(problemSchema, 'output').schema };
  document.components = {
    ...document.components,
    schemas: sorted(schemas) as NonNullable<OpenAPIObject['components']>['schemas'],
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

type SchemaType = 'input' | 'output';

/** Schemas with an id become components that are named after it; all others stay where they are used. */
function convertSchema(
  schema: unknown,
  { schemaType }: { schemaType: SchemaType },
): { schema: unknown; components: Record<string, unknown> } | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { schema: body, components } = jsonSchemaOf(schema, schemaType);
  const { id } = z.globalRegistry.get(schema) ?? {};
  if (id === undefined) return { schema: body, components };
  return { schema: { $ref: `#/$defs/${id}` }, components: { ...components, [id]: body } };
}

function jsonSchemaOf(
  schema: z.ZodType,
  io: SchemaType,
): { schema: object; components: Record<string, unknown> } {
  const {
    $defs = {},
    $schema: _dialect,
    id: _id,
    ...body
  } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  const components = Object.fromEntries(
    Object.entries($defs).map(([name, { id: _inner, ...definition }]) => [name, definition]),
  );
  return { schema: body, components };
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
