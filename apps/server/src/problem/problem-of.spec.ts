import { describe, expect, it } from '@jest/globals';
import { ForbiddenException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import { StagewrightError } from '@stagewright/engine';

import { problemOf } from './problem-of.ts';
import { toProblem } from './problem.ts';
import { requestInvalid } from './request-invalid.ts';
import { statusOfCode } from './status-of-code.ts';

describe('the status of an error code', () => {
  it.each([
    ['AUTH_INVALID', 401],
    ['RUN_NOT_FOUND', 404],
    ['TEMPLATE_NOT_FOUND', 404],
    ['RUN_UNKNOWN_STAGE', 404],
    ['STATE_CONFLICT', 409],
    ['APPROVAL_STALE', 409],
    ['APPROVAL_FORBIDDEN', 403],
    ['INPUT_INVALID', 422],
    ['REQUEST_INVALID', 422],
    ['TEMPLATE_YAML_ALIAS', 422],
    ['PROMPT_VAR_UNKNOWN', 422],
    ['SCHEMA_INVALID', 422],
    ['REGISTRY_URL_FORBIDDEN', 422],
    ['REGISTRY_REF_INVALID', 422],
    ['REGISTRY_ENTRY_FORBIDDEN', 422],
    ['REGISTRY_TOO_BIG', 422],
    ['REGISTRY_UNREACHABLE', 502],
    ['EGRESS_BLOCKED', 502],
    ['PROVIDER_RATE_LIMITED', 502],
    ['ARTIFACT_TOO_LARGE', 413],
    ['DATABASE_UNAVAILABLE', 503],
    ['SOMETHING_ELSE', 500],
  ])('%s is %i', (code, status) => {
    expect(statusOfCode(code)).toBe(status);
  });
});

describe('a problem', () => {
  it('shows an error of ours with its code, hint and details', () => {
    const facts = problemOf(
      new StagewrightError('STATE_CONFLICT', 'Not now.', {
        hint: 'Later.',
        details: { state: 'done', status: 'mine' },
      }),
    );
    expect(toProblem(facts, 'urn:request:1')).toEqual({
      type: 'urn:stagewright:problem:state-conflict',
      title: 'Conflict',
      status: 409,
      code: 'STATE_CONFLICT',
      detail: 'Not now.',
      hint: 'Later.',
      instance: 'urn:request:1',
      state: 'done',
    });
  });

  it.each([
    ['an error of unknown make', new Error('CANARY select * from secrets')],
    ['something that is no error', 'CANARY'],
    ['nothing', undefined],
    ['a failure of the framework', new InternalServerErrorException('CANARY')],
    ['an error that names a status itself', Object.assign(new Error('CANARY'), { statusCode: 418 })],
  ])('shows nothing of %s', (_title, error) => {
    const facts = problemOf(error);
    expect(facts).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(JSON.stringify(facts)).not.toContain('CANARY');
  });

  it.each([
    ['a missing route', new NotFoundException('Cannot GET /x'), 404, 'ROUTE_NOT_FOUND'],
    ['a refusal of the framework', new ForbiddenException(), 403, 'REQUEST_FORBIDDEN'],
    [
      'a body that is too large',
      Object.assign(new Error('too large'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }),
      413,
      'REQUEST_TOO_LARGE',
    ],
    [
      'a body of an unknown type',
      Object.assign(new Error('type'), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }),
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ],
  ])('of %s has its own code', (_title, error, status, code) => {
    expect(problemOf(error)).toMatchObject({ status, code });
  });

  class ConnectionException extends Error {}
  class DriverException extends Error {
    constructor(readonly code: string) {
      super('CANARY');
    }
  }

  it.each([
    ['a lost connection', new ConnectionException('CANARY')],
    ['a database that shuts down', new DriverException('57P01')],
    ['a refused connection', new DriverException('ECONNREFUSED')],
  ])('of %s asks to come again', (_title, error) => {
    const facts = problemOf(error);
    expect(facts).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE', retryAfter: 5 });
    expect(JSON.stringify(facts)).not.toContain('CANARY');
  });

  it('of a database that refuses a statement is no reason to come again', () => {
    expect(problemOf(new DriverException('23505'))).toMatchObject({ status: 500 });
  });

  it('of a bad request names every place by its pointer and never a value', () => {
    const error = requestInvalid([
      { message: 'is required', path: ['inputs', 'a/b~c'] },
      { message: 'is too long', path: [{ key: 'title' }] },
    ]);
    expect(problemOf(error)).toMatchObject({
      status: 422,
      code: 'REQUEST_INVALID',
      detail: '/inputs/a~1b~0c: is required (and 1 more)',
      details: {
        errors: [
          { path: '/inputs/a~1b~0c', message: 'is required' },
          { path: '/title', message: 'is too long' },
        ],
      },
    });
  });

  it('of a request with thousands of faults stays short', () => {
    const issues = Array.from({ length: 5_000 }, (_, index) => ({ message: 'x', path: [index] }));
    expect((requestInvalid(issues).details?.['errors'] as unknown[]).length).toBe(50);
  });
});
