import type { RunFact } from './fact.ts';
import type { ToolAnswer, ToolTurn } from './run.ts';

/** A call was begun: the first of a turn brings the turn. */
export function called(talk: ToolTurn[], { turn }: Extract<RunFact, { type: 'tool.called' }>): ToolTurn[] {
  if (turn !== undefined) return [...talk, { ...turn, called: 1, answers: [] }];
  return withLast(talk, (last) => ({ ...last, called: last.called + 1 }));
}

export function answered(talk: ToolTurn[], answer: ToolAnswer): ToolTurn[] {
  return withLast(talk, (last) => ({ ...last, answers: [...last.answers, answer] }));
}

/** As if the call that was cut off had not been begun. */
export function withoutCutOff(talk: ToolTurn[]): ToolTurn[] {
  return withLast(talk, (last) => ({ ...last, called: last.answers.length }));
}

function withLast(talk: ToolTurn[], change: (last: ToolTurn) => ToolTurn): ToolTurn[] {
  const last = talk.at(-1);
  return last === undefined ? talk : talk.with(-1, change(last));
}
