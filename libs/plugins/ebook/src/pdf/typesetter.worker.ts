import { parentPort } from 'node:worker_threads';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { Resvg, initWasm } from '@resvg/resvg-wasm';

/** What the worker is asked, in plain data. */
export interface TypesetRequest {
  program: string;
  data: string;
  fonts: Uint8Array[];
  files: Array<{ path: string; content: Uint8Array }>;
  /** Seconds since 1970. */
  timestamp: number;
  output: { type: 'pdf' } | { type: 'png'; width: number; wasm: Uint8Array };
}
export type TypesetAnswer = { content: Uint8Array } | { error: string };

/** A folder that exists nowhere: the typesetter sees the files it is given, and nothing else. */
const ROOT = '/stagewright-book';

async function typeset(request: TypesetRequest): Promise<TypesetAnswer> {
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
  }
}

parentPort?.once('message', (request: TypesetRequest) => {
  void typeset(request).then((answer) => parentPort?.postMessage(answer));
});
