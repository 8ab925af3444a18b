import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import { ApprovalsService } from './approvals.service.ts';
import { inbox, inboxQuery } from './dto/approvals.dto.ts';
import type { InboxQuery } from './dto/approvals.dto.ts';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Get()
  @ApiOperation({ summary: 'The inbox: approvals, forms, budgets and next stages that wait for a person' })
  @ApiOkResponse({ standardSchema: inbox })
  list(@CurrentPrincipal() principal: Principal, @Query({ schema: inboxQuery }) query: InboxQuery) {
    return this.approvals.list(principal, query);
  }
}
