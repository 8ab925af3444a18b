import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { artifactId } from '../artifacts/dto/artifacts.dto.ts';
import { CurrentPrincipal } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import { envelope, publicKey, statement } from './dto/provenance.dto.ts';
import { ProvenanceService } from './provenance.service.ts';

@ApiTags('artifacts')
@ApiBearerAuth()
@Controller()
export class ProvenanceController {
  constructor(private readonly provenance: ProvenanceService) {}

  @Get('artifacts/:id/provenance')
  @ApiOperation({ summary: 'How a file came to be, as an in-toto statement' })
  @ApiOkResponse({ standardSchema: statement })
  statement(@CurrentPrincipal() principal: Principal, @Param('id', { schema: artifactId }) id: string) {
    return this.provenance.statement(principal, id);
  }

  @Get('artifacts/:id/provenance/signed')
  @ApiOperation({ summary: 'The same statement, signed by the server: a DSSE envelope' })
  @ApiOkResponse({ standardSchema: envelope })
  signed(@CurrentPrincipal() principal: Principal, @Param('id', { schema: artifactId }) id: string) {
    return this.provenance.signed(principal, id);
  }

  @Get('provenance/key')
  @ApiOperation({ summary: 'The public key that the server signs statements with' })
  @ApiOkResponse({ standardSchema: publicKey })
  key() {
    return this.provenance.key();
  }
}
