import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { RegistryService } from './registry.service.ts';
import { registryViewSchema } from './registry.view.ts';
import type { RegistryView } from './registry.view.ts';

@ApiTags('registry')
@Controller('registry')
export class RegistryController {
  constructor(private readonly registry: RegistryService) {}

  @Get()
  @ApiOperation({ summary: 'Where the registry stands: commit, what serves, what is broken' })
  @ApiOkResponse({ standardSchema: registryViewSchema })
  show(): Promise<RegistryView> {
    return this.registry.view();
  }

  @Post('sync')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reads the registry now' })
  @ApiOkResponse({ standardSchema: registryViewSchema })
  sync(): Promise<RegistryView> {
    return this.registry.sync();
  }
}
