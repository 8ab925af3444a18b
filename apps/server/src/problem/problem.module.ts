import { Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';

import { ProblemFilter } from './problem.filter.ts';
import { requestInvalid } from './request-invalid.ts';
import { RouteTable } from './route-table.ts';

/** Checks what comes in by the schema of its route, and answers every error in one form. */
@Module({
  providers: [
    RouteTable,
    { provide: APP_FILTER, useClass: ProblemFilter },
    {
      provide: APP_PIPE,
      useFactory: () => new StandardSchemaValidationPipe({ exceptionFactory: requestInvalid }),
    },
  ],
  exports: [RouteTable],
})
export class ProblemModule {}
