import { StagewrightError } from '@stagewright/engine';

/** The part of a Standard Schema issue that is shown. */
export interface RequestIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

const MOST_SHOWN = 50;

/** What a client sent does not satisfy the route's schema; every issue with its JSON pointer, never the value. */
export function requestInvalid(issues: readonly RequestIssue[]): StagewrightError {
  const errors = issues
    .slice(0, MOST_SHOWN)
    .map((issue) => ({ path: pointer(issue), message: issue.message }));
  const first = errors[0] ?? { path: '', message: 'is not valid' };
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new StagewrightError(
    'REQUEST_INVALID',
    `${first.path === '' ? 'The request' : first.path}: ${first.message}${more}`,
    {
      hint: 'The reference of every route is at /docs.',
      details: { errors },
    },
  );
}

function pointer(issue: RequestIssue): string {
  const keys = (issue.path ?? []).map((segment) =>
    String(typeof segment === 'object' ? segment.key : segment),
  );
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
