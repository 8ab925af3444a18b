import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@stagewright/engine';
import { renderWorkflowCommand } from './github.ts';

const FINDING: Finding = {
  code: 'TEMPLATE_UNKNOWN_STAGE',
  severity: 'error',
  message: 'There is no stage "a".',
  hint: 'There are: b.',
  file: 'templates/tea/template.yaml',
  line: 12,
  column: 5,
  endLine: 12,
  endColumn: 9,
};

describe('a finding as a workflow command', () => {
  it('says where it is, from the root of the repository', () => {
    expect(renderWorkflowCommand(FINDING, 'content/registry/')).toBe(
      '::error file=content/registry/templates/tea/template.yaml,line=12,col=5,endColumn=9,title=TEMPLATE_UNKNOWN_STAGE::There is no stage "a". There are: b.',
    );
  });

  it('leaves columns out where several lines are meant, and a hint that is not there', () => {
    const finding: Finding = { ...FINDING, severity: 'warning', hint: undefined, endLine: 14 };
    expect(renderWorkflowCommand(finding, '')).toBe(
      '::warning file=templates/tea/template.yaml,line=12,endLine=14,title=TEMPLATE_UNKNOWN_STAGE::There is no stage "a".',
    );
  });

  it('is one command, whatever a stranger writes', () => {
    const evil = 'a%0A\r\n::set-env name=X::1, b:c';
    const text = renderWorkflowCommand(
      { ...FINDING, message: evil, file: `${evil}.yaml`, hint: undefined },
      '',
    );
    expect(text).not.toMatch(/[\r\n]/);
    expect(text).toBe(
      '::error file=a%250A%0D%0A%3A%3Aset-env name=X%3A%3A1%2C b%3Ac.yaml,line=12,col=5,endColumn=9,title=TEMPLATE_UNKNOWN_STAGE::a%250A%0D%0A::set-env name=X::1, b:c',
    );
  });
});
