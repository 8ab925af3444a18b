import { nearest } from '../../errors/nearest.ts';
import type { Fault } from '../source/report.ts';

function meant(word: string, candidates: string[], otherwise: string | null = null): string | null {
  const other = nearest(word, candidates);
  return other === null ? otherwise : `Did you mean "${other}"?`;
}

function names(candidates: string[]): string {
  return candidates.length === 0 ? 'none' : candidates.slice(0, 20).join(', ');
}

/** A path as one would write it: `chapters[0].title`; `[]` is any item. */
function dotted(path: string[]): string {
  return path.reduce((text, name) => {
    if (name === '[]') return `${text}[]`;
    if (/^\d+$/.test(name)) return `${text}[${name}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** What can be wrong with the meaning of a template. One factory per rule; its comment is the rule. */
export const templateFaults = {
  /** The template's folder holds no `template.yaml`. */
  noTemplate: (name: string): Fault => ({
    code: 'TEMPLATE_FILE_MISSING',
    message: `There is no template "${name}": its template.yaml is missing.`,
  }),
  /** `name` must be the folder's name. */
  nameMismatch: (name: string, folder: string): Fault => ({
    code: 'TEMPLATE_NAME_MISMATCH',
    message: `The template is named "${name}", but its folder is "${folder}".`,
    hint: `Write "name: ${folder}", or rename the folder.`,
  }),
  /** A folder's name must be fit for a template. */
  folderName: (folder: string): Fault => ({
    code: 'TEMPLATE_NAME_MISMATCH',
    message: `"${folder}" cannot be the name of a template.`,
    hint: 'Use lower-case letters, digits, "_" and "-", beginning with a letter.',
  }),
  /** `type` must be a workflow type that a plugin provides. */
  unknownType: (type: string, known: string[]): Fault => ({
    code: 'TEMPLATE_UNKNOWN_TYPE',
    message: `There is no workflow type "${type}".`,
    hint: meant(type, known, `There are: ${names(known)}.`),
  }),
  /** A file reference must stay in the template's folder or name a shared prompt or schema. */
  pathForbidden: (path: string): Fault => ({
    code: 'PATH_FORBIDDEN',
    message: `The path "${path.slice(0, 100)}" is not allowed.`,
    hint: "Name a file in the template's folder, or a shared one under prompts/ or schemas/.",
  }),
  /** A file that the template names must be there. */
  fileMissing: (reference: string, path: string, own: string[]): Fault => ({
    code: 'TEMPLATE_FILE_MISSING',
    message: `There is no file "${path}".`,
    hint: meant(reference, own, 'Create it, or correct the path.'),
  }),
  /** A template has a bounded number of stages. */
  tooManyStages: (count: number, most: number): Fault => ({
    code: 'TEMPLATE_SCHEMA',
    message: `"stages" may have at most ${most} items, but it has ${count}.`,
    hint: 'Split the workflow, or use forEach.',
  }),
  /** Two stages may not have one id. */
  duplicateStage: (id: string, line: number): Fault => ({
    code: 'TEMPLATE_SCHEMA',
    message: `The stage id "${id}" is already used on line ${line}.`,
    hint: 'Give each stage an id of its own.',
  }),
  /** A reusable stage keeps its mode: nearly all of its keys belong to that. */
  extendsMode: (mode: string, fixed: string, path: string): Fault => ({
    code: 'TEMPLATE_SCHEMA',
    message: `"mode" is "${mode}" here and "${fixed}" in ${path}.`,
    hint: 'Leave "mode" out, or extend another stage.',
  }),
  /** `needs` and expressions name stages of this template. */
  unknownStage: (id: string, known: string[]): Fault => ({
    code: 'TEMPLATE_UNKNOWN_STAGE',
    message: `There is no stage "${id}".`,
    hint: meant(id, known, `There are: ${names(known)}.`),
  }),
  /** A stage sees only stages that have ended before it starts: those it needs, directly or through others. */
  stageOrder: (id: string, user: string): Fault => ({
    code: 'TEMPLATE_STAGE_ORDER',
    message: `The stage "${id}" does not come before "${user}".`,
    hint: `Add "${id}" to the needs of "${user}".`,
  }),
  /** A stage cannot use its own result. */
  ownResult: (id: string): Fault => ({
    code: 'TEMPLATE_STAGE_ORDER',
    message: `The stage "${id}" uses its own result.`,
    hint: 'In a prompt, "previous" is what the round before gave.',
  }),
  /** `needs` may not lead back to where it began. */
  cycle: (path: string[]): Fault => ({
    code: 'TEMPLATE_CYCLE',
    message: `Stages wait for one another in a circle: ${path.join(' -> ')}.`,
    hint: 'Remove one of these needs.',
  }),
  /** `uses` and `tools` name actions of a plugin. */
  unknownAction: (id: string, known: string[]): Fault => ({
    code: 'TEMPLATE_UNKNOWN_ACTION',
    message: `There is no action "${id}".`,
    hint: meant(id, known, `There are: ${names(known)}.`),
  }),
  /** `with` must satisfy the action's input contract. */
  withInvalid: (message: string, hint: string | null = null): Fault => ({
    code: 'TEMPLATE_WITH_INVALID',
    message,
    hint,
  }),
  withUnknown: (key: string, action: string, known: string[]): Fault => ({
    code: 'TEMPLATE_WITH_INVALID',
    message: `The action "${action}" does not take "${key}".`,
    hint: meant(key, known, `It takes: ${names(known)}.`),
  }),
  withMissing: (key: string, action: string): Fault => ({
    code: 'TEMPLATE_WITH_INVALID',
    message: `The action "${action}" needs "${key}".`,
    hint: `Add "${key}" under "with".`,
  }),
  /** A path into a stage's output must be possible under its contract. */
  outputPath: (path: string[], owner: string, known: string[], name: string): Fault => ({
    code: 'TEMPLATE_OUTPUT_PATH',
    message: `The contract of ${owner} has no "${dotted(path)}".`,
    hint: meant(name, known, known.length === 0 ? null : `There are: ${names(known)}.`),
  }),
  /** `inputs.x` must be declared. */
  inputUnknown: (path: string[], known: string[], name: string): Fault => ({
    code: 'TEMPLATE_INPUT_UNKNOWN',
    message: `The input "${dotted(path)}" is not declared.`,
    hint: meant(
      name,
      known,
      known.length === 0 ? 'Declare it under "inputs".' : `Declared are: ${names(known)}.`,
    ),
  }),
  /** Expressions see `inputs`, `stages`, `run` and, under forEach, the item and `index`. */
  unknownName: (name: string, known: string[]): Fault => ({
    code: 'EXPRESSION_UNKNOWN_NAME',
    message: `There is no "${name}" here.`,
    hint: meant(name, known, `There are: ${names(known)}.`),
  }),
  /** What is granted should be used. */
  permissionUnused: (scope: string): Fault => ({
    code: 'TEMPLATE_PERMISSION_UNUSED',
    message: `No stage needs the permission "${scope}".`,
    hint: 'Remove it.',
  }),
  /** What an action needs must be granted. */
  permissionMissing: (scope: string, action: string, by: 'template' | 'stage'): Fault => ({
    code: 'TEMPLATE_PERMISSION_MISSING',
    message: `The action "${action}" needs the permission "${scope}", which the ${by} does not grant.`,
    hint: `Add "${scope}" to the permissions of the ${by}.`,
  }),
  /** `codeowners` stands for somebody. */
  noCodeowners: (name: string, hasFile: boolean): Fault => ({
    code: 'TEMPLATE_NO_CODEOWNERS',
    message: hasFile
      ? `CODEOWNERS names nobody for templates/${name}/template.yaml, so nobody could approve.`
      : 'There is no CODEOWNERS, and the template has no owners, so nobody could approve.',
    hint: hasFile
      ? `Add a line such as "/templates/${name}/ @organisation/team".`
      : 'Add a CODEOWNERS file to the registry, or "owners" to the template.',
  }),
  /** A stage may only narrow what the template grants. */
  permissionBeyond: (scope: string): Fault => ({
    code: 'TEMPLATE_PERMISSION_MISSING',
    message: `The template does not grant "${scope}".`,
    hint: `Add "${scope}" to the permissions of the template.`,
  }),
  /** `forEach` goes over a list. */
  notAList: (type: string): Fault => ({
    code: 'TEMPLATE_FOREACH_NOT_LIST',
    message: `forEach needs a list, but this is ${type}.`,
    hint: 'Give an expression over a list, such as ${{ stages.outline.output.chapters }}.',
  }),
  /** The working files of a loop are a list. */
  filesNotList: (type: string): Fault => ({
    code: 'TEMPLATE_LOOP_FILES',
    message: `"files" needs a list, but this is ${type}.`,
    hint: 'List files as {path, content}, or give an expression over a list of them.',
  }),
  /** A working file says where it is and what is in it. */
  fileIncomplete: (): Fault => ({
    code: 'TEMPLATE_LOOP_FILES',
    message: 'A working file needs a "path" with "content", or an "artifact".',
    hint: 'Write {path: index.html, content: "..."}, {path: data.csv, artifact: "${{ inputs.data }}"}, or an expression.',
  }),
  /** The path of a working file stays in the working folder. */
  filePath: (path: string, fault: string): Fault => ({
    code: 'TEMPLATE_LOOP_FILES',
    message: `The path "${path.slice(0, 100)}" ${fault}.`,
    hint: 'Use a plain relative path, such as pages/index.html.',
  }),
  /** A repair should have something to mend. */
  nothingToRepair: (): Fault => ({
    code: 'TEMPLATE_LOOP_FILES',
    message: 'There are no working files that "repair" could mend.',
    hint: 'Name them under "files".',
  }),
  /** The item's name may not hide another name. */
  asClash: (name: string): Fault => ({
    code: 'TEMPLATE_AS_CLASH',
    message: `"${name}" cannot be the name of the item: it means something already.`,
    hint: 'Choose another name for "as".',
  }),
  /** Keys that only mean something together with another one. */
  pointless: (key: string, needed: string): Fault => ({
    code: 'TEMPLATE_SCHEMA',
    message: `"${key}" means nothing without "${needed}".`,
    hint: `Add "${needed}", or remove "${key}".`,
  }),
  duration: (key: string, text: string, range: string): Fault => ({
    code: 'TEMPLATE_SCHEMA',
    message: `"${key}" must be ${range}, but it is ${text}.`,
    hint: null,
  }),
  /** The contract of the inputs describes an object. */
  inputsType: (): Fault => ({
    code: 'TEMPLATE_SCHEMA',
    message: '"inputs" must be a JSON Schema of type object.',
    hint: 'Write "type: object" and list the inputs under "properties".',
  }),
  conditionType: (key: string, type: string): Fault => ({
    code: 'EXPRESSION_TYPE',
    message: `"${key}" must be true or false, but the expression gives ${type}.`,
    hint: 'Compare it with something.',
  }),
  oneExpression: (key: string): Fault => ({
    code: 'EXPRESSION_SYNTAX',
    message: `"${key}" holds one expression and no text around it.`,
    hint: 'Write the expression bare, or in one ${{ }}.',
  }),
};
