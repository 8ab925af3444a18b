import { StagewrightError } from '@stagewright/engine';

export function artifactNotFound(id: string): StagewrightError {
  return new StagewrightError(
    'ARTIFACT_NOT_FOUND',
    `There is no artifact ${JSON.stringify(id.slice(0, 80))} in this workspace.`,
    {
      hint: 'Upload the file first (POST /artifacts) and use the id that comes back.',
    },
  );
}

export function pathForbidden(name: string): StagewrightError {
  return new StagewrightError(
    'PATH_FORBIDDEN',
    `The artifact name ${JSON.stringify(name.slice(0, 80))} is a path.`,
    {
      hint: 'Give a bare file name, such as "book.epub".',
    },
  );
}

export function nameInvalid(name: string): StagewrightError {
  return new StagewrightError(
    'NAME_INVALID',
    `The artifact name ${JSON.stringify(name.slice(0, 80))} is not valid.`,
    {
      hint: 'Use at most 255 bytes of printable characters, and no name that a system keeps for a device.',
    },
  );
}

export function artifactTooLarge(limit: number): StagewrightError {
  return new StagewrightError(
    'ARTIFACT_TOO_LARGE',
    `The file is larger than ${Math.floor(limit / 1_048_576)} MiB.`,
    {
      hint: 'Upload less, or split the file.',
      details: { limit },
    },
  );
}

export function uploadMissing(): StagewrightError {
  return new StagewrightError('REQUEST_INVALID', 'The request holds no file.', {
    hint: 'Send multipart/form-data with a part "file", or the bytes with ?name= and a media type.',
  });
}

/** The body of an upload ended early, or is not the form that it says it is. */
export function uploadCut(cause: unknown): StagewrightError {
  return new StagewrightError('REQUEST_INVALID', 'The upload ended before its end; nothing of it was kept.', {
    hint: 'Send the file again.',
    retryable: true,
    cause,
  });
}

/** The disk is full. Nothing half-written was kept. */
export function diskFull(cause: unknown): StagewrightError {
  return new StagewrightError(
    'DISK_FULL',
    'The disk of the data directory is full; nothing was kept of the file.',
    {
      hint: 'Free space on the disk that holds DATA_DIR; the next try then works.',
      retryable: true,
      cause,
    },
  );
}

export function artifactDamaged(id: string): StagewrightError {
  return new StagewrightError(
    'ARTIFACT_DAMAGED',
    `The stored bytes of artifact ${JSON.stringify(id)} are missing or changed.`,
    {
      hint: 'Restore the artifacts folder of the data directory from a backup.',
    },
  );
}

export function uploadsElsewhere(mediaType: string | undefined): StagewrightError {
  return new StagewrightError(
    'MEDIA_TYPE_UNSUPPORTED',
    `This route does not take ${JSON.stringify((mediaType ?? 'an unknown type').slice(0, 80))}.`,
    {
      hint: 'Send application/json; files go to POST /artifacts.',
    },
  );
}
