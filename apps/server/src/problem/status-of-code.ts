/** First match wins: exact codes before families. */
const STATUS_BY_CODE: ReadonlyArray<[RegExp, number]> = [
  [/^AUTH_INVALID$/, 401],
  [/^(REQUEST_INVALID|INPUT_INVALID|NAME_INVALID|PATH_FORBIDDEN|HEADER_INVALID|CONNECTOR_INPUT)$/, 422],
  [/^REGISTRY_(URL_FORBIDDEN|REF_INVALID|ENTRY_FORBIDDEN|TOO_BIG)$/, 422],
  [/^(REGISTRY_UNREACHABLE|EGRESS_BLOCKED|UPSTREAM_LIMIT|STREAM_TRUNCATED)$/, 502],
  [/^(STATE_CONFLICT|APPROVAL_STALE|APPROVAL_EXHAUSTED|ARTIFACT_NAME_TAKEN|IDEMPOTENCY_CONFLICT)$/, 409],
  [/^DATABASE_UNAVAILABLE$/, 503],
  [/_NOT_FOUND$/, 404],
  [/^RUN_UNKNOWN_/, 404],
  [/_FORBIDDEN$/, 403],
  [/(_TOO_BIG|_TOO_LARGE)$/, 413],
  [/^(INPUT|TEMPLATE|PROMPT|SCHEMA)_/, 422],
  [/^PROVIDER_/, 502],
];

/** HTTP status of a stable error code; 500 for one that no rule knows. */
export function statusOfCode(code: string): number {
  return STATUS_BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? 500;
}
