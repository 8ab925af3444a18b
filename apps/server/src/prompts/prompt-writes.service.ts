import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@stagewright/engine';
import { promptPath } from '@stagewright/engine/template';

import type { Principal } from '../auth/principal.ts';
import { DEFAULT_WORKSPACE } from '../database/entities/index.ts';
import { authorOf, contentNotFound, RegistryWriter } from '../registry/index.ts';
import type { ChangedView, ContentChange } from '../registry/index.ts';
import { IdempotentRequests } from '../runs/idempotent-requests.ts';
import type { AddPromptBody, ChangePromptBody, RemovePromptQuery } from './prompts.dto.ts';

type Optional = Pick<ChangePromptBody, 'expected' | 'message'>;

/** Shared prompts that come over the API: what is sent becomes a commit of the registry. */
@Injectable()
export class PromptWritesService {
  constructor(
    private readonly writer: RegistryWriter,
    private readonly requests: IdempotentRequests,
  ) {}

  /** Throws what `RegistryWriter.write` does. */
  add(principal: Principal, { name, text, message }: AddPromptBody, key?: string): Promise<ChangedView> {
    const change = changeOf(principal, name, { verb: 'add', text, message });
    if (key === undefined) return this.#write(principal, change);
    const request: JsonObject = { route: 'POST /prompts', name, text, message: message ?? null };
    return this.requests.once({ workspace: principal.workspace, key }, request, () =>
      this.#write(principal, { ...change, repeatable: true }),
    );
  }

  change(principal: Principal, name: string, body: ChangePromptBody): Promise<ChangedView> {
    return this.#write(principal, changeOf(principal, name, { verb: 'change', ...body }));
  }

  /** Throws `PROMPT_IN_USE` with the places that would break. */
  remove(principal: Principal, name: string, query: RemovePromptQuery): Promise<ChangedView> {
    return this.#write(principal, changeOf(principal, name, { verb: 'remove', ...query }));
  }

  async #write({ workspace }: Principal, change: ContentChange): Promise<ChangedView> {
    // The registry belongs to this workspace: to all others it has nothing.
    if (workspace !== DEFAULT_WORKSPACE) throw contentNotFound('prompt', change.name);
    return { name: change.name, ...(await this.writer.write(change)) };
  }
}

function changeOf(
  { actor }: Principal,
  name: string,
  sent: { verb: ContentChange['verb']; text?: string } & {
    [Key in keyof Optional]?: Optional[Key] | undefined;
  },
): ContentChange {
  const { verb, text, expected, message } = sent;
  return {
    verb,
    kind: 'prompt',
    name,
    author: authorOf(actor),
    content: new Map(text === undefined ? [] : [[promptPath(name), text]]),
    keepsOthers: false,
    faults: [],
    ...(expected === undefined ? {} : { expected }),
    ...(message === undefined ? {} : { message }),
  };
}
