import { StagewrightError } from '@stagewright/engine';

/** One setting that cannot be used. The value is left out on purpose: it may be a secret. */
export interface SettingProblem {
  name: string;
  message: string;
}

/** All that is wrong with the settings, in one error, so that a person mends them in one go. */
export function settingsInvalid(problems: SettingProblem[]): StagewrightError {
  const lines = problems.map((problem) => `  ${problem.name}: ${problem.message}`);
  return new StagewrightError('CONFIG_INVALID', `Settings are not valid:\n${lines.join('\n')}`, {
    hint: 'Mend them in the environment or in .env, then start again.',
    details: { problems: problems.map(({ name, message }) => ({ name, message })) },
  });
}

export function secretKeyInsecure(reason: string): StagewrightError {
  return new StagewrightError('CONFIG_INSECURE', `SECRET_KEY ${reason}.`, {
    hint: 'Set SECRET_KEY to at least 32 random characters, for example the output of "openssl rand -hex 32".',
  });
}

export function dataDirUnusable(path: string, cause: unknown): StagewrightError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StagewrightError('CONFIG_INVALID', `DATA_DIR ${path} cannot be used: ${reason}`, {
    hint: 'Point DATA_DIR at a folder that this user may write.',
    cause,
  });
}
