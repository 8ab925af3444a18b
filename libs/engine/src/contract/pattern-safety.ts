import { re2 } from './re2-engine.ts';

/** Why a pattern is refused, or null when it is safe in every engine. */
export function patternFault(pattern: string): string | null {
  try {
    re2(pattern);
    return null;
  } catch (error) {
    return `RE2 does not accept it (${(error as Error).message})`;
  }
}
