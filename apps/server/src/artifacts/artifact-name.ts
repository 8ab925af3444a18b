import { nameInvalid, pathForbidden } from './artifacts.errors.ts';

// Control characters, and the marks that turn the direction of writing: a name must look like what it is.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
const LONGEST = 255;

/** Throws `PATH_FORBIDDEN` for anything that could name a place, `NAME_INVALID` for what is not a plain file name. */
export function refuseBadName(name: string): void {
  if (
    /[/\\]/.test(name) ||
    name === '..' ||
    name === '.' ||
    /^[a-z]:/i.test(name) ||
    /%(2e|2f|5c|25)/i.test(name)
  ) {
    throw pathForbidden(name);
  }
  const fits = name !== '' && Buffer.byteLength(name) <= LONGEST && !/\p{Surrogate}/u.test(name);
  if (!fits || UNPRINTABLE.test(name) || DEVICE.test(name) || /^\s|[\s.]$/.test(name))
    throw nameInvalid(name);
}
