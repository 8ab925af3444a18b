import type { Plan } from '../template/plan.ts';
import type { Json, JsonObject } from '../vocabulary.ts';

const LONGEST = 120;

/**
 * The title of a run that was given none: the template's, and the first text that the template asks for, so that runs of one template can be
 * told apart in a list: `E-book: Keeping bees in a small garden`. Uploads are ids, and tell nobody anything.
 */
export function defaultTitle(plan: Plan, inputs: JsonObject): string {
  const text = firstText(plan, inputs)?.replaceAll(/\s+/g, ' ').trim() ?? '';
  const title = text === '' ? plan.title : `${plan.title}: ${text}`;
  const letters = [...title];
  return letters.length <= LONGEST ? title : `${letters.slice(0, LONGEST - 1).join('')}…`;
}

function firstText(plan: Plan, inputs: JsonObject): string | undefined {
  const required = Array.isArray(plan.inputs['required']) ? plan.inputs['required'] : [];
  for (const name of required) {
    const value = typeof name === 'string' && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (typeof value === 'string' && typeof name === 'string' && !isUpload(plan.inputs['properties'], name))
      return value;
  }
  return undefined;
}

function isUpload(properties: Json | undefined, name: string): boolean {
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return false;
  const property = properties[name];
  return (
    typeof property === 'object' &&
    property !== null &&
    !Array.isArray(property) &&
    property['format'] === 'artifact'
  );
}
