import { Readable } from 'node:stream';

import type { FastifyRequest } from 'fastify';

import { uploadCut, uploadMissing } from './artifacts.errors.ts';
import { bareMediaType } from './content-headers.ts';
import type { Incoming } from './stored-artifacts.ts';

/** Bytes that one upload may have. */
const UPLOAD_LIMIT = 100 * 1024 * 1024;

interface UploadQuery {
  name?: string | undefined;
}

/** The file of an upload: the part `file` of a form, or the body itself with its name in the query. */
export async function incomingUpload(request: FastifyRequest, query: UploadQuery): Promise<Incoming> {
  const upload = request.isMultipart() ? await formFile(request, query) : bodyFile(request, query);
  if (upload === null) throw uploadMissing();
  return { ...upload, type: 'file', limit: UPLOAD_LIMIT };
}

type Upload = Pick<Incoming, 'name' | 'mediaType' | 'content'>;

async function formFile(request: FastifyRequest, query: UploadQuery): Promise<Upload | null> {
  // `preservePath`: a path in the name is refused, not quietly cut off. One byte more than allowed gets through, so
  // that the store sees what is too large and says so.
  const options = {
    preservePath: true,
    limits: { files: 1, fields: 8, fileSize: UPLOAD_LIMIT + 1 },
    throwFileSizeLimit: false,
  };
  const part = await request.file(options).catch((error: unknown) => {
    throw isOfFastify(error) ? error : uploadCut(error);
  });
  if (part === undefined) return null;
  return {
    name: query.name ?? part.filename ?? '',
    mediaType: bareMediaType(part.mimetype),
    content: toItsEnd(part.file),
  };
}

function bodyFile(request: FastifyRequest, query: UploadQuery): Upload | null {
  if (!(request.body instanceof Readable) || query.name === undefined) return null;
  return {
    name: query.name,
    mediaType: bareMediaType(request.headers['content-type']),
    content: toItsEnd(request.body),
  };
}

/** What goes wrong while it is read is wrong with what was sent, and no fault of the server or its disk. */
async function* toItsEnd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of source) yield piece;
  } catch (error) {
    throw uploadCut(error);
  }
}

/** Its own refusals have codes and a status of their own: a wrong type of body, too many parts. */
function isOfFastify(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('FST_');
}
