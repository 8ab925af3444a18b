import { parentPort } from 'node:worker_threads';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { Resvg, initWasm } from '@resvg/resvg-wasm';

export interface WorkFile {
  path: string;
  content: Uint8Array;
}

/** What the worker is asked, in plain data. */
export interface TypesetRequest {
  program: string;
  data: string;
  fonts: Uint8Array[];
  files: WorkFile[];
  /** Seconds since 1970. */
  timestamp: number;
  output: { type: 'pdf' } | { type: 'png'; width: number; wasm: Uint8Array };
}
/** Which of these images cannot be decoded? */
export interface CheckRequest {
  images: WorkFile[];
}
export type WorkRequest = TypesetRequest | CheckRequest;
export type WorkAnswer = { content: Uint8Array } | { undecodable: string[] } | { error: string };

/** A folder that exists nowhere: the typesetter sees the files it is given, and nothing else. */
const ROOT = '/stagewright-book';

async function typeset(request: TypesetRequest): Promise<WorkAnswer> {
  const compiler = NodeCompiler.create({
    workspace: ROOT,
    fontArgs: [{ fontBlobs: request.fonts.map((font) => Buffer.from(font)) }],
  });
  compiler.mapShadow(`${ROOT}/book.json`, Buffer.from(request.data));
  for (const { path, content } of request.files) compiler.mapShadow(`${ROOT}${path}`, Buffer.from(content));
  const main = { mainFileContent: request.program };
  try {
    if (request.output.type === 'pdf') {
      return { content: compiler.pdf(main, { pdfStandard: 'ua-1', creationTimestamp: request.timestamp }) };
    }
    await initWasm(request.output.wasm);
    // Letters are outlines in the drawing, so that no font of this machine is ever looked for.
    const image = new Resvg(compiler.plainSvg(main), {
      fitTo: { mode: 'width', value: request.output.width },
      font: { loadSystemFonts: false },
    });
    return { content: image.render().asPng() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  } finally {
    // What it remembers is kept for the whole process and would grow with every book.
    compiler.evictCache(0);
  }
}

/** Sets each image on a page of its own: what the typesetter cannot read would stop the whole book. */
function check({ images }: CheckRequest): WorkAnswer {
  const compiler = NodeCompiler.create({ workspace: ROOT, fontArgs: [{ fontBlobs: [] }] });
  const undecodable = images.filter(({ path, content }) => {
    compiler.mapShadow(`${ROOT}${path}`, Buffer.from(content));
    try {
      compiler.pdf({ mainFileContent: `#image("${path}", width: 1pt)` });
      return false;
    } catch {
      return true;
    } finally {
      compiler.unmapShadow(`${ROOT}${path}`);
      compiler.evictCache(0);
    }
  });
  return { undecodable: undecodable.map(({ path }) => path) };
}

parentPort?.once('message', (request: WorkRequest) => {
  const answer = 'images' in request ? Promise.resolve(check(request)) : typeset(request);
  void answer.then((found) => parentPort?.postMessage(found));
});
