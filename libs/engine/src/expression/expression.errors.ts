import { StagewrightError } from '../errors/stagewright-error.ts';

/** Something wrong in the text of an expression. Offsets are into that text, in UTF-16 code units, end exclusive. */
export interface ExpressionProblem {
  code: string;
  message: string;
  hint?: string;
  start: number;
  end: number;
}

/** An expression that could not give a value. Trying again with the same run cannot help. */
export class ExpressionError extends StagewrightError {}

export const expressionErrors = {
  failed(source: string, reason: string, hint?: string): ExpressionError {
    return new ExpressionError('EXPRESSION_FAILED', `The expression "${shown(source)}" failed: ${reason}`, {
      hint,
    });
  },
  budget(source: string, what: string): ExpressionError {
    return new ExpressionError(
      'EXPRESSION_BUDGET',
      `The expression "${shown(source)}" was stopped: ${what}`,
      {
        hint: 'Let an action do heavy work; an expression only selects and joins values.',
      },
    );
  },
};

/** Why an evaluation stopped, before it is known which expression it was. */
export class EvaluationStop extends Error {
  readonly kind: 'failed' | 'budget';

  constructor(kind: 'failed' | 'budget', reason: string) {
    super(reason);
    this.kind = kind;
  }
}

export function fail(reason: string): never {
  throw new EvaluationStop('failed', reason);
}

function shown(source: string): string {
  const line = source.replaceAll(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}
