import { Inject, Injectable } from '@nestjs/common';
import { missingVariables } from '@stagewright/engine';
import type { Isolation, JsonObject, MissingVariable } from '@stagewright/engine';
import {
  filesFromMap,
  promptNames,
  promptPath,
  readSharedPrompt,
  stagesByPrompt,
} from '@stagewright/engine/template';
import type { RegistryFiles, SharedPrompt } from '@stagewright/engine/template';

import type { Principal } from '../auth/principal.ts';
import { DEFAULT_WORKSPACE } from '../database/entities/index.ts';
import { Database } from '../database/database.ts';
import {
  commitsOf,
  contentAt,
  contentInvalid,
  contentNotFound,
  diffOf,
  digestOfContent,
  leadsTo,
  RegistryContent,
} from '../registry/index.ts';
import { ISOLATION } from '../runs/engine.tokens.ts';
import { commitNotFound, variablesMissing } from './prompts.errors.ts';
import type { PromptDiffQuery, PromptsPage } from './prompts.dto.ts';
import type {
  PromptDiff,
  PromptHistory,
  PromptList,
  PromptSummary,
  PromptView,
  RenderedPrompt,
} from './prompt.view.ts';
import { templatesByPrompt } from './sql/templates-by-prompt.ts';

/** A search for missing variables ends here: beyond it, rendering itself tells the first one. */
const SEARCH = { outputBytes: 1024 * 1024, steps: 20_000 };

/** All of the registry that a request about prompts looks at. */
interface Shelf {
  commit: string;
  files: RegistryFiles;
  prompts: Map<string, SharedPrompt>;
  /** Reusable stages by the prompt that they name. */
  stages: Map<string, string[]>;
}

/** The prompts that templates of a registry share. */
@Injectable()
export class PromptsService {
  private shelf: Shelf | null = null;

  constructor(
    private readonly content: RegistryContent,
    private readonly database: Database,
    @Inject(ISOLATION) private readonly isolation: Isolation,
  ) {}

  async list(principal: Principal, { skip, limit }: PromptsPage): Promise<PromptList> {
    const shelf = await this.#open(principal);
    const all = [...(shelf?.prompts.values() ?? [])];
    const items = all.slice(skip, skip + limit);
    return { items: shelf === null ? [] : await this.#summaries(shelf, items), total: all.length };
  }

  /** Throws `PROMPT_NOT_FOUND`. */
  async show(principal: Principal, name: string): Promise<PromptView> {
    const { shelf, prompt } = await this.#find(principal, name);
    const [summary] = await this.#summaries(shelf, [prompt]);
    const bytes = shelf.files.read(prompt.path);
    const content = new Map(bytes === undefined ? [] : [[prompt.path, bytes]]);
    const contentDigest = digestOfContent(contentAt(content, 'prompt', name));
    if (summary === undefined || contentDigest === null) throw contentNotFound('prompt', name);
    const { text, declared, partials, findings } = prompt;
    return { ...summary, commit: shelf.commit, contentDigest, text, declared, partials, findings };
  }

  /** Throws `PROMPT_NOT_FOUND`, `PROMPT_INVALID`, `PROMPT_VARIABLES_MISSING`, or what rendering throws. */
  async render(principal: Principal, name: string, variables: JsonObject): Promise<RenderedPrompt> {
    const { prompt } = await this.#find(principal, name);
    if (prompt.prompt === null) throw contentInvalid('prompt', name, prompt.findings);
    const read = missingVariables(prompt.prompt, variables, SEARCH);
    const missing = [...read, ...declaredMissing(prompt, variables, read)];
    if (missing.length > 0) throw variablesMissing(name, missing);
    return { text: await this.isolation.render(prompt.prompt, variables) };
  }

  /** Commits that changed a prompt, also one that is gone. Throws `PROMPT_NOT_FOUND`. */
  async history({ workspace }: Principal, name: string, page: PromptsPage): Promise<PromptHistory> {
    const path = promptPath(name);
    if (workspace !== DEFAULT_WORKSPACE) throw contentNotFound('prompt', name);
    const items = await this.content.withHistory(({ gitDir, tip, folder }) =>
      commitsOf(gitDir, { tip, path: inFolder(folder, path), ...page }),
    );
    if (items === null || (items.length === 0 && page.skip === 0)) throw contentNotFound('prompt', name);
    return { items };
  }

  /** Throws `PROMPT_NOT_FOUND`, `REVISION_NOT_FOUND` or `REGISTRY_TOO_BIG`. */
  async diff({ workspace }: Principal, name: string, query: PromptDiffQuery): Promise<PromptDiff> {
    if (workspace !== DEFAULT_WORKSPACE) throw contentNotFound('prompt', name);
    const found = await this.content.withHistory(async ({ gitDir, tip, folder }) => {
      const path = inFolder(folder, promptPath(name));
      const [last, before] = await commitsOf(gitDir, { tip, path, skip: 0, limit: 2 });
      if (last === undefined) return null;
      const to = query.to ?? tip;
      const from = query.from ?? before?.commit ?? last.commit;
      for (const commit of [from, to])
        if (!(await leadsTo(gitDir, commit, tip))) throw commitNotFound(commit);
      const diff = await diffOf(gitDir, { from, to, path });
      return { from, to, changed: diff !== '', diff };
    });
    if (found === null) throw contentNotFound('prompt', name);
    return found;
  }

  async #find(principal: Principal, name: string): Promise<{ shelf: Shelf; prompt: SharedPrompt }> {
    const shelf = await this.#open(principal);
    const prompt = shelf?.prompts.get(name);
    if (shelf === null || prompt === undefined) throw contentNotFound('prompt', name);
    return { shelf, prompt };
  }

  /** Read once for each commit that is served; null when there is none, or none for this workspace. */
  async #open({ workspace }: Principal): Promise<Shelf | null> {
    const content = workspace === DEFAULT_WORKSPACE ? await this.content.sharedFiles() : null;
    if (content === null) return null;
    if (this.shelf?.commit === content.commit) return this.shelf;
    const files = filesFromMap(content.files);
    const prompts = promptNames(files).flatMap((name) => readSharedPrompt(files, name) ?? []);
    this.shelf = {
      commit: content.commit,
      files,
      prompts: new Map(prompts.map((one) => [one.name, one])),
      stages: stagesByPrompt(files),
    };
    return this.shelf;
  }

  async #summaries({ prompts, stages }: Shelf, chosen: SharedPrompt[]): Promise<PromptSummary[]> {
    const templates = await templatesByPrompt(
      this.database,
      DEFAULT_WORKSPACE,
      chosen.map(({ path }) => path),
    );
    return chosen.map(({ name, path, title, description, variables, findings }) => ({
      name,
      title,
      description,
      variables,
      usedBy: {
        templates: templates.get(path) ?? [],
        stages: stages.get(path) ?? [],
        prompts: [...prompts.values()]
          .filter(({ partials }) => partials.includes(name))
          .map((one) => one.name),
      },
      broken: findings.some(({ severity }) => severity === 'error'),
    }));
  }
}

function inFolder(folder: string | null, path: string): string {
  return folder === null ? path : `${folder}/${path}`;
}

/** What the front matter asks for must be there, also when this rendering would not read it. */
function declaredMissing(
  { name, path, declared }: SharedPrompt,
  variables: JsonObject,
  read: MissingVariable[],
): MissingVariable[] {
  const known = read.map(({ variable }) => variable);
  return (declared ?? [])
    .filter((variable) => !has(variables, variable.split('.')))
    .filter((variable) => !known.some((other) => other === variable || other.startsWith(`${variable}.`)))
    .map((variable) => ({
      code: 'PROMPT_VAR_UNKNOWN',
      message: `The variable "${variable}", which the front matter of "${name}" declares, has no value.`,
      variable,
      file: path,
      line: 1,
      column: 1,
    }));
}

function has(data: unknown, path: string[]): boolean {
  let value = data;
  for (const segment of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return false;
    value = (value as Record<string, unknown>)[segment];
  }
  return value !== undefined;
}
