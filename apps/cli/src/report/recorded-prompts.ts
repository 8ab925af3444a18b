import { replayCase } from '@stagewright/engine/testing';
import type { ReplayResult } from '@stagewright/engine/testing';
import type { Isolation, Plan } from '@stagewright/engine';
import type { PlannedPrompt } from '@stagewright/engine/template';
import { PLUGIN_CATALOG } from '../plugins.ts';
import type { Side } from '../registry/compare-revisions.ts';

/** A recorded case, replayed, with what each stage was asked. */
export interface Replayed {
  result: ReplayResult;
  /** Stage -> its prompts, in the order of rounds and items. */
  prompts: Map<string, string>;
}

/** What a stage was asked for one item, in the order of its rounds. */
type Asked = Map<number, string[]>;

/** Replays all recorded cases of one template at one side. A template that does not compile has none. */
export async function replayTemplate(side: Side, name: string, isolation: Isolation): Promise<Replayed[]> {
  const plan = side.checked.templates.find((template) => template.name === name)?.plan ?? null;
  if (plan === null) return [];
  const paths = side.files.list(`templates/${name}/tests/`).filter((path) => path.endsWith('.test.yaml'));
  return Promise.all(paths.map((path) => replayOne(plan, path, { side, isolation })));
}

async function replayOne(
  plan: Plan,
  path: string,
  { side, isolation }: { side: Side; isolation: Isolation },
): Promise<Replayed> {
  // A copy for each case: prompts are told apart by identity, and several stages may ask with one file.
  const own = structuredClone(plan);
  const listener = listenTo(own, isolation);
  const bytes = side.files.read(path) ?? new Uint8Array();
  const result = await replayCase({
    plan: own,
    catalog: PLUGIN_CATALOG,
    isolation: listener.isolation,
    path,
    bytes,
  });
  return { result, prompts: listener.prompts() };
}

/** Hears what is rendered, and for which stage. */
function listenTo(
  plan: Plan,
  isolation: Isolation,
): { isolation: Isolation; prompts: () => Map<string, string> } {
  const stages = new Map<PlannedPrompt, string>();
  for (const stage of plan.stages) {
    if (stage.mode === 'ai') stages.set(stage.prompt, stage.id);
    if (stage.mode === 'ai' && stage.system !== null) stages.set(stage.system, `${stage.id} (system)`);
    if (stage.mode === 'cli_loop' && stage.repair !== null) stages.set(stage.repair, `${stage.id} (repair)`);
  }
  const heard = new Map<string, Asked>();
  return {
    isolation: {
      render: async (prompt, data) => {
        const text = await isolation.render(prompt, data);
        const stage = stages.get(prompt);
        if (stage === undefined) return text;
        const index = typeof data['index'] === 'number' ? data['index'] : 0;
        const asked: Asked = heard.get(stage) ?? new Map<number, string[]>();
        const rounds = asked.get(index) ?? [];
        // The engine renders a prompt for its digest, too: the same text again is no other question.
        if (rounds.at(-1) !== text) asked.set(index, [...rounds, text]);
        heard.set(stage, asked);
        return text;
      },
      validate: (schema, value) => isolation.validate(schema, value),
      close: () => isolation.close(),
    },
    prompts: () => new Map([...heard].map(([stage, asked]) => [stage, inOrder(asked)])),
  };
}

/** By round, then by item: tasks that work at the same time ask in any order, and what is compared may not depend on it. */
function inOrder(asked: Asked): string {
  const items = [...asked].sort(([a], [b]) => a - b);
  const rounds = Math.max(...items.map(([, texts]) => texts.length));
  const texts = Array.from({ length: rounds }).flatMap((_, round) =>
    items.flatMap(([, ofItem]) => ofItem[round] ?? []),
  );
  if (texts.length === 1) return texts[0] ?? '';
  return texts.map((text, position) => `--- ${position + 1} of ${texts.length}\n${text}`).join('\n');
}
