/**
 * First match wins: exact codes before families. Whatever is thrown on purpose has a rule, a 500 too: what no rule
 * knows is a mistake of ours, and `status-of-code.spec.ts` finds it before a client does.
 */
const STATUS_BY_CODE: ReadonlyArray<[RegExp, number]> = [
  // A start that is refused, or what we promise never happens: the one who asked did nothing wrong.
  [
    /^(CONFIG_INVALID|CONFIG_INSECURE|WORKER_NEEDS_DATABASE|DATA_DIR_LOCKED|DATA_DIR_UNUSABLE|SCHEMA_UNKNOWN|REGISTRY_NOT_FOUND)$/,
    500,
  ],
  [/^(PORT_IN_USE|PORT_FORBIDDEN|HOST_UNKNOWN|PLUGIN_INVALID|PLUGIN_TWICE|ASSET_UNKNOWN)$/, 500],
  [/^(ARTIFACT_DAMAGED|RUN_JOURNAL_BROKEN|RUN_PLAN_MISMATCH|ISOLATION_FAILED|INTERNAL_ERROR)$/, 500],
  [/^(ACTION_UNKNOWN|ACTION_OUTPUT_INVALID|ACTION_OUTCOME_UNKNOWN|TASK_TIMEOUT|TASK_ABORTED)$/, 500],
  [/^(BOOK_PDF_FAILED|BOOK_CANCELLED|CLI_UNAVAILABLE)$/, 500],
  [/^(DATABASE_UNAVAILABLE|DATABASE_BUSY|STORE_UNAVAILABLE)$/, 503],
  [/^QUEUE_(UNAVAILABLE|FULL|READ_ONLY|FORBIDDEN)$/, 503],
  [/^(ENGINE_CLOSED|RUN_CONTENDED|ISOLATION_BUSY|ISOLATION_CLOSED)$/, 503],
  [/^DISK_FULL$/, 507],
  [/^(REGISTRY_UNREACHABLE|STREAM_TRUNCATED|OUTPUT_INVALID|OUTPUT_TRUNCATED)$/, 502],
  [/^AUTH_INVALID$/, 401],
  [/^(APPROVAL_FORBIDDEN|PERMISSION_MISSING|TOOL_NOT_ALLOWED|CLI_NOT_ALLOWED)$/, 403],
  [/^(STATE_CONFLICT|APPROVAL_STALE|APPROVAL_EXHAUSTED|ARTIFACT_NAME_TAKEN|IDEMPOTENCY_KEY_REUSED)$/, 409],
  [/^(REGISTRY_REWRITTEN|BUDGET_EXCEEDED)$/, 409],
  [/^ARTIFACT_TOO_LARGE$/, 413],
  [/^MEDIA_TYPE_UNSUPPORTED$/, 415],
  [/^(REQUEST_INVALID|NAME_INVALID|PATH_FORBIDDEN|HEADER_INVALID|JSON_INVALID|ACTION_INPUT_INVALID)$/, 422],
  [/^(CONNECTOR_INPUT|OFFLINE_CONTRACT_UNSUPPORTED|OUTPUT_VALIDATION_BUDGET)$/, 422],
  [/^CLI_(ARG_FORBIDDEN|FILE_INVALID|LIMIT|LOOP_GAVE_UP)$/, 422],
  [/^REGISTRY_(URL_FORBIDDEN|REF_INVALID|ENTRY_FORBIDDEN|TOO_BIG)$/, 422],
  [/^(RUN|TEMPLATE|REVISION|ARTIFACT|PROVENANCE)_NOT_FOUND$/, 404],
  [/^RUN_UNKNOWN_/, 404],
  [/^EGRESS_REQUEST_INVALID$/, 422],
  [/^(PROVIDER|EGRESS|UPSTREAM|HTTP)_/, 502],
  // What someone sent or wrote down is wrong: inputs, templates, manuscripts.
  [/^(INPUT|TEMPLATE|PROMPT|SCHEMA|EXPRESSION|ARCHIVE|MANUSCRIPT|BOOK|WEBSITE)_/, 422],
];

/** HTTP status that the rules have for a stable error code; undefined for one that none knows. */
export function ruledStatus(code: string): number | undefined {
  return STATUS_BY_CODE.find(([pattern]) => pattern.test(code))?.[1];
}

/** HTTP status of a stable error code; 500 for one that no rule knows. */
export function statusOfCode(code: string): number {
  return ruledStatus(code) ?? 500;
}
