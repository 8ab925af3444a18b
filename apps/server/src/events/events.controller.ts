import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { CurrentPrincipal } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import { runId } from '../runs/dto/run-requests.dto.ts';
import { parseEventId } from './event-id.ts';
import { eventsQuery } from './dto/events-query.dto.ts';
import type { EventsQuery } from './dto/events-query.dto.ts';
import { EventsService } from './events.service.ts';
import { sendEvents } from './server-sent-events.ts';

@ApiTags('runs')
@ApiBearerAuth()
@Controller('runs')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get(':id/events')
  @ApiOperation({ summary: 'What happened in a run and what happens, as server-sent events' })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Go on after this id, without a gap or a repeat.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    schema: {
      type: 'string',
      description:
        'Events `<fact type>` with id `<version>.<index>` and data {run, version, at, fact, state, progress}.',
    },
  })
  async follow(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Query({ schema: eventsQuery }) { follow }: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ) {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    sendEvents(
      reply,
      await this.events.open(principal, id, {
        position: parseEventId(lastEventId),
        follow: follow === 'true',
        signal: gone.signal,
      }),
    );
  }
}
