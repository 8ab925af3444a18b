import { StagewrightError } from '@stagewright/engine';

/** Listening failed. Any other failure comes back as it was. */
export function listenFailed(error: unknown, host: string, port: number): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const facts = { cause: error };
  switch (code) {
    case 'EADDRINUSE':
      return new StagewrightError('PORT_IN_USE', `Port ${port} of ${host} is in use by another process.`, {
        ...facts,
        hint: 'Stop that process, or set PORT to another one; PORT=0 takes a free one.',
      });
    case 'EACCES':
      return new StagewrightError('PORT_FORBIDDEN', `This user may not listen on port ${port} of ${host}.`, {
        ...facts,
        hint: 'Set PORT to 1024 or above.',
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StagewrightError('HOST_UNKNOWN', `This machine has no address ${host}.`, {
        ...facts,
        hint: 'Set HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.',
      });
    default:
      return error;
  }
}
