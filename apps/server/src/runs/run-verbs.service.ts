import { Inject, Injectable } from '@nestjs/common';
import type { Engine, PreviewRequest, RunId, RunPreview, RunView } from '@stagewright/engine';

import type { Principal } from '../auth/principal.ts';
import type {
  ApproveBody,
  CancelBody,
  NextStageBody,
  RequestChangesBody,
  RerunBody,
  ResolveBody,
  ResumeBody,
  SubmitInputBody,
  UpgradeBody,
} from './dto/run-requests.dto.ts';
import { ENGINE } from './engine.tokens.ts';

/** What people ask of a run. The engine decides and refuses; who asks is always the principal, never the body. */
@Injectable()
export class RunVerbsService {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  start({ workspace, actor }: Principal, id: RunId): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'start', actor });
  }

  approve({ workspace, actor }: Principal, id: RunId, body: ApproveBody): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'approve', actor, ...body });
  }

  requestChanges({ workspace, actor }: Principal, id: RunId, body: RequestChangesBody): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'request-changes', actor, ...body });
  }

  submitInput({ workspace, actor }: Principal, id: RunId, body: SubmitInputBody): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'submit-input', actor, ...body });
  }

  nextStage({ workspace, actor }: Principal, id: RunId, body: NextStageBody): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'next-stage', actor, ...body });
  }

  pause({ workspace, actor }: Principal, id: RunId): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'pause', actor });
  }

  resume({ workspace, actor }: Principal, id: RunId, body: ResumeBody): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'resume', actor, ...body });
  }

  cancel({ workspace, actor }: Principal, id: RunId, body: CancelBody): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'cancel', actor, ...body });
  }

  resolve({ workspace, actor }: Principal, id: RunId, body: ResolveBody): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'resolve', actor, ...body });
  }

  retry({ workspace, actor }: Principal, id: RunId): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'retry', actor });
  }

  rerun({ workspace, actor }: Principal, id: RunId, body: RerunBody): Promise<RunView> {
    return this.engine.send(workspace, id, { type: 'rerun', actor, ...body });
  }

  upgrade({ workspace, actor }: Principal, id: RunId, body: UpgradeBody): Promise<RunView> {
    return this.engine.upgrade(workspace, id, body, actor);
  }

  preview({ workspace, actor }: Principal, id: RunId, request: PreviewRequest): Promise<RunPreview> {
    return this.engine.preview(workspace, id, request, actor);
  }
}
