import { describe, expect, it } from '@jest/globals';
import { parseValue } from '../../expression/index.ts';
import { loopStage } from '../../testing/plan-of.ts';
import { commandArguments } from './command-arguments.ts';
import type { CliLoopStage, Scope } from '../../template/plan.ts';
import type { Json } from '../../vocabulary.ts';

function argumentsOf(args: Json[], inputs: Scope['inputs'] = {}): string[] {
  const stage = loopStage('check', 'lint', { args: args.map(parseValue) }) as CliLoopStage;
  const run = { id: 'r', title: 't', template: 't', version: '1.0.0' };
  return commandArguments(stage, { inputs, stages: {}, run });
}

describe('arguments of a command', () => {
  it.each<[string, Json[], Scope['inputs'], string[]]>([
    ['options of the template', ['--strict', '-x'], {}, ['--strict', '-x']],
    ['data in one piece', ['${{ inputs.a }}'], { a: '; id $(id)\n' }, ['; id $(id)\n']],
    ['data behind an option of the template', ['--title=${{ inputs.a }}'], { a: '-x' }, ['--title=-x']],
    ['data behind "--"', ['--', '${{ inputs.a }}'], { a: '-rf' }, ['--', '-rf']],
    ['numbers and truths', ['${{ inputs.a }}', '${{ inputs.b }}'], { a: 3, b: true }, ['3', 'true']],
    ['nothing', ['${{ inputs.a }}'], { a: '' }, ['']],
  ])('take %s', (_what, args, inputs, expected) => {
    expect(argumentsOf(args, inputs)).toEqual(expected);
  });

  it.each<[string, Json[], Scope['inputs']]>([
    ['C02: an option that writes', ['${{ inputs.a }}'], { a: '--output=/etc/x' }],
    ['C02: an option of one dash', ['${{ inputs.a }}'], { a: '-exec' }],
    ['C02: an option that names a configuration', ['${{ inputs.a }}'], { a: '--config=./evil' }],
    ['a dash before text of the template', ['${{ inputs.a }}.html'], { a: '-x' }],
    ['a "--" of its own', ['${{ inputs.a }}', '${{ inputs.b }}'], { a: '--', b: '-x' }],
    ['a negative number', ['${{ inputs.a }}'], { a: -1 }],
    ['a zero byte', ['${{ inputs.a }}'], { a: 'a\0b' }],
    ['a list', ['${{ inputs.a }}'], { a: ['x'] }],
    ['null', ['${{ inputs.a }}'], { a: null }],
    ['a book', ['${{ inputs.a }}'], { a: 'x'.repeat(70_000) }],
  ])('refuse %s', (_what, args, inputs) => {
    expect(() => argumentsOf(args, inputs)).toThrow(expect.objectContaining({ code: 'CLI_ARG_FORBIDDEN' }));
  });
});
