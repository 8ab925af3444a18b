import type { JsonObject } from '@stagewright/engine';
import { z } from 'zod';

/** RFC 9457 problem details with a stable `code`, as every error of the API answers. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('URI reference of the kind of problem'),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('Stable, AREA_REASON'),
    detail: z.string(),
    hint: z.string().optional().describe('What the reader can do about it'),
    instance: z.string().describe('Id of the request, as in the server log'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problemSchema>;

export interface ProblemFacts {
  status: number;
  code: string;
  detail: string;
  hint?: string;
  details?: JsonObject;
  /** Seconds after which trying again may help. */
  retryAfter?: number;
  /** Methods that the route takes, for 405. */
  allow?: string[];
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Request timed out',
  409: 'Conflict',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  422: 'Cannot be processed',
  429: 'Too many requests',
  500: 'Internal error',
  502: 'Upstream failure',
  503: 'Unavailable',
  507: 'Out of storage',
};

/** Members of the standard win over details of the same name. */
export function toProblem(facts: ProblemFacts, instance: string): Problem {
  return {
    ...facts.details,
    type: `urn:stagewright:problem:${facts.code.toLowerCase().replaceAll('_', '-')}`,
    title: TITLES[facts.status] ?? 'Error',
    status: facts.status,
    code: facts.code,
    detail: facts.detail,
    ...(facts.hint === undefined ? {} : { hint: facts.hint }),
    instance,
  };
}
