import { StagewrightError } from '@stagewright/engine';

/** `reason` never repeats the address: it may hold a password. */
export function urlForbidden(reason: string): StagewrightError {
  return new StagewrightError('REGISTRY_URL_FORBIDDEN', `The registry's address is refused: ${reason}.`, {
    hint: 'Use https://host/path.git, ssh://git@host/path.git with REGISTRY_SSH_KEY, or, in REGISTRY_URL alone, the absolute path of a local Git repository.',
  });
}

export function refInvalid(reason: string): StagewrightError {
  return new StagewrightError('REGISTRY_REF_INVALID', `The registry's ref is refused: ${reason}.`, {
    hint: 'Name a branch, a tag or a full commit id, such as main or v1.2.0.',
  });
}

export function webhookNotSetUp(): StagewrightError {
  return new StagewrightError('WEBHOOK_NOT_SET_UP', 'This server takes no webhooks of a registry.', {
    hint: 'Set REGISTRY_WEBHOOK_SECRET to the secret of the webhook, and start the server again.',
  });
}

/** The same words for a missing and a wrong signature: an answer must not help to guess. */
export function webhookNotSigned(): StagewrightError {
  return new StagewrightError('WEBHOOK_NOT_SIGNED', 'The webhook does not carry a valid signature.', {
    hint: 'The secret of the webhook must be the value of REGISTRY_WEBHOOK_SECRET, and its content type application/json.',
  });
}

export function tooBig(what: string): StagewrightError {
  return new StagewrightError('REGISTRY_TOO_BIG', `The registry is too big: ${what}.`, {
    hint: 'Keep templates in a repository of their own; large files do not belong in it.',
  });
}

export function unreachable(reason: string): StagewrightError {
  return new StagewrightError('REGISTRY_UNREACHABLE', `The registry cannot be read: ${reason}`, {
    hint: 'The last good templates go on serving. Check REGISTRY_URL, REGISTRY_REF and the network, then sync again.',
    retryable: true,
  });
}

/** The mirror of the registry found no room. */
export function mirrorDiskFull(): StagewrightError {
  return new StagewrightError(
    'DISK_FULL',
    'The registry cannot be read: the disk of the data directory is full.',
    {
      hint: 'The last good templates go on serving. Free space on the disk that holds DATA_DIR, then sync again.',
      retryable: true,
    },
  );
}

export function workingFolderMissing(): StagewrightError {
  return new StagewrightError(
    'REGISTRY_NOT_FOUND',
    'REGISTRY_WATCH is set, and REGISTRY_URL is no folder with a stagewright.yaml.',
    {
      hint: 'Name the absolute path of a registry folder, or serve commits: leave REGISTRY_WATCH out.',
    },
  );
}

export function shippedRegistryMissing(from: string): StagewrightError {
  return new StagewrightError('REGISTRY_NOT_FOUND', `No registry/stagewright.yaml was found above ${from}.`, {
    hint: 'Set REGISTRY_URL, or install the product with its registry folder.',
  });
}
