import { describe, expect, it } from '@jest/globals';
import { ForbiddenException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import { StagewrightError } from '@stagewright/engine';

import { problemOf } from './problem-of.ts';
import { toProblem } from './problem.ts';
import { requestInvalid } from './request-invalid.ts';

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
    constructor(
      readonly code: string | undefined,
      message = 'CANARY',
    ) {
      super(message);
    }
  }

  it.each([
    ['a lost connection', new ConnectionException('CANARY')],
    ['a database that shuts down', new DriverException('57P01')],
    ['a refused connection', new DriverException('ECONNREFUSED')],
    [
      'a connection that ended under a statement',
      new DriverException(undefined, 'Connection terminated unexpectedly'),
    ],
  ])('of %s asks to come again', (_title, error) => {
    const facts = problemOf(error);
    expect(facts).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE', retryAfter: 5 });
    expect(JSON.stringify(facts)).not.toContain('CANARY');
  });

  it.each([
    ['a lock that somebody holds', '55P03'],
    ['a statement that took too long', '57014'],
    ['a deadlock', '40P01'],
  ])('of %s asks to come again', (_title, code) => {
    const facts = problemOf(new DriverException(code));
    expect(facts).toMatchObject({ status: 503, code: 'DATABASE_BUSY', retryAfter: 5 });
    expect(JSON.stringify(facts)).not.toContain('CANARY');
  });

  it.each([
    [undefined, 5],
    [90_500, 91],
    [0, 1],
  ])('of something that is away says when to come again: %p ms', (retryAfterMs, seconds) => {
    const error = new StagewrightError('RUN_CONTENDED', 'Busy.', {
      retryable: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    expect(problemOf(error)).toMatchObject({ status: 503, retryAfter: seconds });
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
