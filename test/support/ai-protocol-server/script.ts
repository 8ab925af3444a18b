/** What the server does with one request. The first request gets the first reply of the script, and so on; the last repeats. */
export type Reply =
  | { kind: 'answer'; answer: ScriptedAnswer }
  /** An error in the form that the service uses, with its headers. `message` is what the service says. */
  | {
      kind: 'error';
      status: number;
      headers?: Record<string, string>;
      type?: string;
      code?: string;
      message?: string;
    }
  /** The socket is closed before anything was answered. */
  | { kind: 'reset' }
  /** Nothing comes, not even headers, until the client gives up. */
  | { kind: 'silent' }
  /** A body with status 200 and any bytes. */
  | { kind: 'raw'; contentType: string; body: string }
  | { kind: 'redirect'; location: string };

export interface ScriptedAnswer {
  text?: string;
  toolCalls?: Array<{ id: string; name: string; input: unknown }>;
  /** Default: the model that was asked. */
  model?: string;
  inputTokens?: number;
  outputTokens?: number;
  /** In the words of the engine; `none` sends no reason at all. */
  stop?: 'end' | 'tool_calls' | 'max_tokens' | 'refusal' | 'none';
  /** How the stream breaks. `cut` closes the socket after half of the text, `half-tool-call` after half of the first call. */
  fault?: 'cut' | 'half-tool-call' | 'garbage-event' | 'error-event';
  /** Milliseconds between the events of a stream. */
  delayMs?: number;
}

export interface RecordedRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** A stream in parts of about eight characters. */
export function inPieces(text: string): string[] {
  return text.match(/[\s\S]{1,8}/gu) ?? [];
}

/** One event of a scripted stream: text to write, or the end of the socket. */
export type WireEvent = { write: string } | { cut: true };
