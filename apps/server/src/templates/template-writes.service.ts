import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@stagewright/engine';
import { checkSubmittedFiles, templateNameIn, templateText } from '@stagewright/engine/template';

import type { Principal } from '../auth/principal.ts';
import { DEFAULT_WORKSPACE } from '../database/entities/index.ts';
import {
  authorOf,
  contentNotFound,
  digestOfContent,
  RegistryContent,
  RegistryWriter,
  textOf,
} from '../registry/index.ts';
import type { ChangedView, ContentChange } from '../registry/index.ts';
import { IdempotentRequests } from '../runs/idempotent-requests.ts';
import type {
  AddTemplateBody,
  ChangeTemplateBody,
  RemoveQuery,
  TemplateSource,
} from './template-writes.dto.ts';
import { templateSourceTooBig } from './templates.errors.ts';

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;
/** Stands for a name that cannot be that of a folder, so that the rest of the template is checked all the same. */
const NAMELESS = 'template-without-a-name';
/** Characters of all files of a template that one answer holds: as much as one request may. */
const MOST_SOURCE = 2 * 1024 * 1024;

type Sent = Pick<ChangeTemplateBody, 'template' | 'files' | 'message'>;

/** Templates that come over the API: what is sent becomes a commit of the registry. */
@Injectable()
export class TemplateWritesService {
  constructor(
    private readonly writer: RegistryWriter,
    private readonly content: RegistryContent,
    private readonly requests: IdempotentRequests,
  ) {}

  /** Throws what `RegistryWriter.write` does. */
  add(principal: Principal, body: AddTemplateBody, key?: string): Promise<ChangedView> {
    const text = textIn(body.template);
    const name = templateNameIn(text) ?? '';
    const change = { ...changeOf(principal, name, { ...body, template: text }), verb: 'add' as const };
    if (key === undefined) return this.#write(principal, change);
    const request = { route: 'POST /templates', ...body } as unknown as JsonObject;
    return this.requests.once({ workspace: principal.workspace, key }, request, () =>
      this.#write(principal, { ...change, repeatable: true }),
    );
  }

  change(principal: Principal, name: string, body: ChangeTemplateBody): Promise<ChangedView> {
    const change = changeOf(principal, name, { ...body, template: textIn(body.template) });
    return this.#write(principal, {
      ...change,
      ...(body.expected === undefined ? {} : { expected: body.expected }),
    });
  }

  remove(principal: Principal, name: string, query: RemoveQuery): Promise<ChangedView> {
    const author = authorOf(principal.actor);
    const nothing = { content: new Map<string, string>(), keepsOthers: false, faults: [] };
    return this.#write(principal, { verb: 'remove', kind: 'template', name, author, ...nothing, ...query });
  }

  /** The files of a template at the commit that is served. Throws `TEMPLATE_NOT_FOUND` or `REGISTRY_TOO_BIG`. */
  async source({ workspace }: Principal, name: string): Promise<TemplateSource> {
    const folder = `templates/${name}/`;
    const found = workspace === DEFAULT_WORKSPACE ? await this.content.under(folder) : null;
    const contentDigest = found === null ? null : digestOfContent(found.files);
    if (found === null || contentDigest === null) throw contentNotFound('template', name);
    const size = [...found.files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    if (size > MOST_SOURCE) throw templateSourceTooBig(name, size, MOST_SOURCE);
    const files = [...found.files].map(
      ([path, bytes]) => [path.slice(folder.length), textOf(bytes)] as const,
    );
    const texts = files.filter((file): file is [string, string] => file[1] !== null);
    const { 'template.yaml': template = '', ...others } = Object.fromEntries(texts);
    return {
      name,
      commit: found.commit,
      contentDigest,
      template,
      files: others,
      otherFiles: files.filter(([, text]) => text === null).map(([path]) => path),
    };
  }

  async #write({ workspace }: Principal, change: ContentChange): Promise<ChangedView> {
    // The registry belongs to this workspace: to all others it has nothing.
    if (workspace !== DEFAULT_WORKSPACE) throw contentNotFound('template', change.name);
    return { name: change.name, ...(await this.writer.write(change)) };
  }
}

function textIn(template: ChangeTemplateBody['template']): string {
  return typeof template === 'string' ? template : templateText(template);
}

function changeOf({ actor }: Principal, asked: string, { template, files, message }: Sent): ContentChange {
  const name = NAME.test(asked) ? asked : NAMELESS;
  const folder = `templates/${name}`;
  const sent = new Map(Object.entries(files ?? {}));
  const faults = checkSubmittedFiles(folder, sent);
  const refused = new Set(faults.filter(({ code }) => code === 'PATH_FORBIDDEN').map(({ file }) => file));
  const sound = [...sent].map(([path, text]) => [`${folder}/${path}`, text] as const);
  return {
    verb: 'change',
    kind: 'template',
    name,
    nameless: name !== asked,
    author: authorOf(actor),
    content: new Map([
      [`${folder}/template.yaml`, textIn(template)],
      ...sound.filter(([path]) => !refused.has(path)),
    ]),
    keepsOthers: files === undefined,
    faults,
    ...(message === undefined ? {} : { message }),
  };
}
