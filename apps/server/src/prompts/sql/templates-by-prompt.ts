import type { Database, Statement } from '../../database/database.ts';

/** Index: `revision_served`. Each served revision names the files that it is made of. */
const TEMPLATES_BY_PROMPT: Statement = {
  name: 'templates-by-prompt',
  text: `select used.path, revision.template
    from revision cross join lateral json_object_keys(revision.files) as used(path)
    where revision.workspace = $1 and revision.served and used.path = any($2::text[])
    order by revision.template`,
};

/** Templates that are served and use a file of the registry, sorted: registry path -> names. */
export async function templatesByPrompt(
  database: Database,
  workspace: string,
  paths: string[],
): Promise<Map<string, string[]>> {
  const rows = await database.query<{ path: string; template: string }>(TEMPLATES_BY_PROMPT, [
    workspace,
    paths,
  ]);
  const byPath = new Map<string, string[]>();
  for (const { path, template } of rows) byPath.set(path, [...(byPath.get(path) ?? []), template]);
  return byPath;
}
