/** Class of a change, after SemVer. */
export type Bump = 'patch' | 'minor' | 'major';

export interface Rule {
  bump: Bump;
  /** Why changes of this kind are of this class. One line. */
  why: string;
}

/**
 * What `version` promises, rule by rule: to who starts runs, to who uses what they give, to who signs off and to who pays.
 * docs/reference/versions.md lists them for people; a test compares the two.
 */
export const RULES = {
  'about-changed': { bump: 'patch', why: 'only what people read about it is different' },
  'type-changed': { bump: 'major', why: 'it makes another kind of thing' },

  'input-required': { bump: 'major', why: 'runs that were started without it are refused' },
  'input-removed': { bump: 'major', why: 'whoever gives it is refused, or not heard' },
  'input-narrowed': { bump: 'major', why: 'values that were taken are refused' },
  'input-unclear': { bump: 'major', why: 'it cannot be told whether everything that was taken still is' },
  'input-added': { bump: 'minor', why: 'there is more to say, and nobody has to' },
  'input-widened': { bump: 'minor', why: 'more values are taken, and all that were still are' },
  'input-default': { bump: 'minor', why: 'runs that do not say it get something else' },

  'output-removed': { bump: 'major', why: 'whoever uses it finds nothing' },
  'output-widened': { bump: 'major', why: 'whoever uses it may get what never came before' },
  'output-unclear': { bump: 'major', why: 'it cannot be told whether what comes still fits' },
  'output-added': { bump: 'minor', why: 'there is more to use' },
  'output-narrowed': { bump: 'minor', why: 'it keeps a stricter promise' },
  'output-source': { bump: 'minor', why: 'it is taken from elsewhere' },

  'stage-removed': { bump: 'major', why: 'reruns, recordings and reviews that name it find nothing' },
  'stage-mode': { bump: 'major', why: 'somebody else does the work' },
  'stage-added': { bump: 'minor', why: 'more is done' },
  'stage-asks-people': { bump: 'major', why: 'runs that needed nobody now wait for a person' },
  'stage-order': { bump: 'minor', why: 'stages see, and wait for, other results' },
  'stage-condition': { bump: 'minor', why: 'it is skipped in other cases' },
  'stage-items': { bump: 'minor', why: 'it goes over other items' },
  'stage-final': { bump: 'minor', why: 'runs end elsewhere' },
  'stage-action': { bump: 'minor', why: 'another action does the work, within the same permissions' },
  'stage-arguments': { bump: 'minor', why: 'the work is done on something else' },
  'stage-command': { bump: 'major', why: 'the operator has to allow another command' },
  'stage-tools': { bump: 'minor', why: 'the model can do other things, within the same permissions' },
  'stage-settings': { bump: 'patch', why: 'the same work, at another pace or with other patience' },

  'form-narrowed': { bump: 'major', why: 'answers that were taken are refused' },
  'form-unclear': { bump: 'major', why: 'it cannot be told whether every answer that was taken still is' },
  'form-widened': { bump: 'minor', why: 'more answers are taken' },
  'assignees-opened': { bump: 'major', why: 'anybody may answer what was somebody’s' },
  'assignees-changed': { bump: 'minor', why: 'other people are asked' },

  'gate-removed': { bump: 'major', why: 'what was signed off goes on unseen' },
  'gate-weakened': { bump: 'major', why: 'less is asked for before it goes on' },
  'gate-added': { bump: 'minor', why: 'people see one more result before it goes on' },
  'gate-strengthened': { bump: 'minor', why: 'more is asked for before it goes on' },
  'gate-approvers': { bump: 'minor', why: 'other people sign it off' },
  'gate-settings': { bump: 'patch', why: 'the same approval, with other times or rounds' },

  'prompt-text': { bump: 'patch', why: 'the same contract is asked for in other words' },
  'prompt-added': { bump: 'minor', why: 'the model is told more' },
  'prompt-removed': { bump: 'minor', why: 'the model is told less' },
  'contract-changed': {
    bump: 'minor',
    why: 'results between stages look different; outputs are judged by themselves',
  },

  'models-changed': { bump: 'minor', why: 'another model answers, at another price' },
  'model-settings': { bump: 'patch', why: 'the same model answers, a little differently' },

  'permission-widened': { bump: 'major', why: 'it may do what nobody has agreed to yet' },
  'permission-narrowed': { bump: 'patch', why: 'it may do less, and needs no more' },
  'permission-of-stage': {
    bump: 'minor',
    why: 'one stage may do more or less, within what the template may',
  },

  'budget-removed': { bump: 'major', why: 'nothing bounds what a run costs' },
  'budget-fails': { bump: 'major', why: 'runs that asked for more money now end' },
  'budget-changed': { bump: 'minor', why: 'runs may cost more, or are stopped earlier' },

  'end-action-removed': { bump: 'major', why: 'whoever waited to be told is not' },
  'end-action-added': { bump: 'minor', why: 'one more is told' },
  'end-action-changed': { bump: 'minor', why: 'what is told, or when, is different' },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

const RANK: Record<Bump, number> = { patch: 1, minor: 2, major: 3 };

/** Whether one class covers another. */
export function covers(given: Bump | null, needed: Bump | null): boolean {
  return rank(given) >= rank(needed);
}

/** The highest of some classes; null when there are none. */
export function highest(bumps: Iterable<Bump>): Bump | null {
  return [...bumps].reduce<Bump | null>((most, bump) => (covers(most, bump) ? most : bump), null);
}

function rank(bump: Bump | null): number {
  return bump === null ? 0 : RANK[bump];
}
