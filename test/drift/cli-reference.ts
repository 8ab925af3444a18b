import { PassThrough } from 'node:stream';
import { COMMAND_EXAMPLES, createProgram } from '@stagewright/cli';

type Command = ReturnType<typeof createProgram>;

const HEAD = `# The command line

<!-- Generated from the commands themselves by "npm run generate". Do not edit. -->

In the project: \`npx stagewright COMMAND\`. \`stagewright COMMAND --help\` says the same as this page.

- Commands about runs ask the server at \`--server\`, else at \`STAGEWRIGHT_SERVER\`, else at \`http://127.0.0.1:3000\`.
- The token is \`STAGEWRIGHT_TOKEN\`, else what the server keeps in \`DATA_DIR\` (\`.stagewright\`).
- Exit codes: 0 fine, 1 the thing checked or run failed, 2 wrong use. Errors have [codes](errors.md).
- Colours are for terminals. \`NO_COLOR\` turns them off, \`FORCE_COLOR\` on.
- \`--json\` prints one JSON document and nothing else. A run is printed as the API gives it: \`id\`, \`state\`, \`progress\`, \`stages\`,
  \`artifacts\`, \`waitingFor\` and more; \`run --detach\` prints \`id\` and \`state\`; \`runs\` prints \`items\` and \`total\`.
`;

/** The reference of the command line, from the program that parses it. */
export function cliReference(): string {
  const program = createProgram({
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
    exitCode: 0,
  });
  const groups = [...new Set(program.commands.map((command) => command.helpGroup()))];
  const sections = groups.map((group) => {
    const commands = program.commands.filter((command) => command.helpGroup() === group);
    return [`## ${group.replace(/:$/, '')}`, ...commands.map(commandText)].join('\n\n');
  });
  return `${[HEAD.trimEnd(), ...sections].join('\n\n')}\n`;
}

function commandText(command: Command): string {
  const examples = (COMMAND_EXAMPLES[command.name()] ?? []).map(({ line, about }) => `# ${about}\n${line}`);
  return [
    `### ${command.name()}`,
    `${sentence(command.description())}`,
    `\`\`\`\nstagewright ${command.name()} ${command.usage()}\n\`\`\``,
    ...tables(command),
    `\`\`\`sh\n${examples.join('\n\n')}\n\`\`\``,
  ].join('\n\n');
}

function tables(command: Command): string[] {
  const rows: Array<[string, string, unknown]> = [];
  for (const one of command.registeredArguments) {
    rows.push([one.required ? `<${one.name()}>` : `[${one.name()}]`, one.description, one.defaultValue]);
  }
  for (const one of command.options) {
    rows.push([one.flags, withChoices(one.description, one.argChoices), one.defaultValue]);
  }
  if (rows.length === 0) return [];
  const lines = rows.map(([name, about, preset]) => {
    const otherwise = preset === undefined ? '' : `\`${JSON.stringify(preset)}\``;
    return `| \`${name}\` | ${about} | ${otherwise} |`;
  });
  return [['| argument or option | what it is | default |', '|---|---|---|', ...lines].join('\n')];
}

function withChoices(description: string, choices: string[] | undefined): string {
  return choices === undefined
    ? description
    : `${description}: ${choices.map((one) => `\`${one}\``).join(', ')}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
