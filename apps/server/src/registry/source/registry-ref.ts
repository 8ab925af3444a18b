import { refInvalid } from '../registry.errors.ts';

const ALLOWED = /^[A-Za-z0-9_][A-Za-z0-9._/@+-]*$/;
const LONGEST = 200;

/**
 * A branch, a tag or a full commit id, by the rules of git-check-ref-format and stricter: plain letters, digits and
 * `._/@+-` only. Throws `REGISTRY_REF_INVALID`.
 */
export function checkRegistryRef(ref: string): string {
  if (ref.length > LONGEST) throw refInvalid(`it is longer than ${LONGEST} characters`);
  if (ref.startsWith('-')) throw refInvalid('it begins with "-" and would be taken for an option');
  if (!ALLOWED.test(ref)) throw refInvalid('it holds a character that no ref of a registry may hold');
  if (ref.includes('..') || ref.includes('@{') || ref.includes('//'))
    throw refInvalid('"..", "@{" and "//" are not allowed');
  const parts = ref.split('/');
  if (
    parts.some((part) => part === '' || part.startsWith('.') || part.endsWith('.') || part.endsWith('.lock'))
  ) {
    throw refInvalid('a part of it is empty, begins or ends with ".", or ends with ".lock"');
  }
  return ref;
}
