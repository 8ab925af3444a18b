import { StagewrightError } from '../errors/stagewright-error.ts';
import { compileTemplate } from '../template/compile-template.ts';
import type { Finding } from '../errors/finding.ts';
import type { PlanSource } from '../ports/plan-source.ts';
import type { ActionCatalog } from '../template/catalog.ts';
import type { Plan } from '../template/plan.ts';
import type { RegistryFiles } from '../template/registry-files.ts';
import type { Digest, Json, Revision } from '../vocabulary.ts';

/** Templates of a working folder, compiled when they are first asked for. Their commit is `worktree`. */
export class FolderPlans implements PlanSource {
  readonly #files: RegistryFiles;
  readonly #catalog: ActionCatalog;
  readonly #byName = new Map<string, Plan>();

  constructor(files: RegistryFiles, catalog: ActionCatalog) {
    this.#files = files;
    this.#catalog = catalog;
  }

  byDigest(digest: Digest): Promise<Plan> {
    const plan = [...this.#byName.values()].find((known) => known.digest === digest);
    return plan === undefined ? Promise.reject(unknownRevision(digest)) : Promise.resolve(plan);
  }

  /** Throws `TEMPLATE_NOT_FOUND`, `REVISION_NOT_FOUND`, or `TEMPLATE_INVALID` with the findings in its details. */
  // eslint-disable-next-line @typescript-eslint/require-await -- a refusal must come as a rejection
  async resolve(template: string, revision?: string): Promise<{ plan: Plan; revision: Revision }> {
    const plan = this.#byName.get(template) ?? this.#compile(template);
    this.#byName.set(template, plan);
    if (revision !== undefined && revision !== plan.digest && revision !== 'worktree')
      throw unknownRevision(revision);
    const { version, digest } = plan;
    return { plan, revision: { template, version, commit: 'worktree', digest } };
  }

  #compile(template: string): Plan {
    if (this.#files.read(`templates/${template}/template.yaml`) === undefined) {
      throw new StagewrightError(
        'TEMPLATE_NOT_FOUND',
        `There is no template ${JSON.stringify(template)} in this registry.`,
        {
          hint: 'Run `stagewright check` to see which templates there are.',
        },
      );
    }
    const { plan, findings } = compileTemplate(this.#files, template, this.#catalog);
    if (plan === null) throw templateInvalid(template, findings);
    return plan;
  }
}

function unknownRevision(revision: string): StagewrightError {
  return new StagewrightError('REVISION_NOT_FOUND', `There is no revision ${revision} in this folder.`, {
    hint: 'A working folder has one revision of each template: the files as they are.',
  });
}

function templateInvalid(template: string, findings: Finding[]): StagewrightError {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const first = errors[0];
  const where = first === undefined ? '' : ` ${first.file}:${first.line}:${first.column} ${first.message}`;
  return new StagewrightError(
    'TEMPLATE_INVALID',
    `Template "${template}" has ${errors.length} errors.${where}`,
    {
      hint: 'Run `stagewright check` and mend what it lists.',
      details: { findings: errors as unknown as Json },
    },
  );
}
