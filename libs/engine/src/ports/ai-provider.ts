import type { Json, JsonObject, JsonSchema, Usage } from '../vocabulary.ts';

/** A configured AI service. Failures are `ProviderError`s; an adapter never retries by itself. */
export interface AiProvider {
  /** `openai`, `azure_openai`, `anthropic`, `local` or `offline`. */
  readonly name: string;
  /** The text is made up without a model: artifacts must say so. */
  readonly placeholder: boolean;
  /** Streams where the service can; `onText` gets the text so far in pieces, in order. */
  generate(request: AiRequest, options: GenerateOptions): Promise<AiResult>;
}

export interface GenerateOptions {
  signal: AbortSignal;
  onText?: (delta: string) => void;
}

export interface AiRequest {
  model: string;
  system: string | null;
  messages: AiMessage[];
  /** The answer must be JSON that satisfies this schema; null asks for plain text. */
  contract: JsonSchema | null;
  temperature: number | null;
  maxTokens: number | null;
  tools: AiTool[];
  idempotencyKey: string;
  /** The data that the prompt was rendered with. Services never see it; `offline` draws its text from it. */
  subject: JsonObject;
}

export type AiMessage =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls: AiToolCall[] }
  | { role: 'tool'; callId: string; content: string; isError: boolean };

export interface AiTool {
  /** Action id with every `/` written `__`: services allow only `[a-zA-Z0-9_-]`. */
  name: string;
  description: string;
  input: JsonSchema;
}

export interface AiToolCall {
  id: string;
  name: string;
  input: Json;
}

export interface AiResult {
  text: string;
  toolCalls: AiToolCall[];
  /** Why it ended. Anything but these is an error of the adapter's making (`STREAM_TRUNCATED`). */
  stopReason: 'end' | 'tool_calls' | 'max_tokens' | 'refusal';
  /** The model that answered, as the service names it. */
  model: string;
  usage: Usage;
}

/** Which provider and model serve a model alias of a template. */
export interface AiRouter {
  /** Throws `PROVIDER_NOT_CONFIGURED` when nothing serves the alias. */
  resolve(alias: string): { provider: AiProvider; model: string };
  /** The configured service of this name: a run keeps to the one its lock names. Undefined when it is gone. */
  provider(name: string): AiProvider | undefined;
}
