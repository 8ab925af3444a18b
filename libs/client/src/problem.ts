/** An answer that was not a success: RFC 9457 problem details of the server, or what the network did. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Stable code of the server (`STATE_CONFLICT`), or `SERVER_UNREACHABLE`, `SERVER_ANSWER_INVALID`. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly hint: string | undefined;
  /** The whole problem document. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    facts: { status: number; hint?: string; problem?: Record<string, unknown>; cause?: unknown },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.status = facts.status;
    this.hint = facts.hint;
    this.problem = facts.problem ?? {};
  }
}

/** The error that an answer stands for. A body that is no problem document is not shown: it may be anything. */
export function problemOf(status: number, body: unknown): ApiError {
  if (!isRecord(body) || typeof body['code'] !== 'string') {
    return new ApiError('SERVER_ANSWER_INVALID', `The server answered ${status} without saying why.`, {
      status,
    });
  }
  const detail = typeof body['detail'] === 'string' ? body['detail'] : `The server answered ${status}.`;
  const hint = typeof body['hint'] === 'string' ? body['hint'] : undefined;
  return new ApiError(body['code'], detail, { status, hint, problem: body });
}

export function unreachable(url: string, cause: unknown): ApiError {
  return new ApiError('SERVER_UNREACHABLE', `No server answers at ${url}.`, {
    status: 0,
    hint: 'Start one with "stagewright serve", or name it with --server.',
    cause,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
