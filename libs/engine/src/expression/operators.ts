import { fail } from './expression.errors.ts';
import { int64, lift, typeName } from './functions.ts';
import type { CelValue } from './functions.ts';
import type { Meter } from './meter.ts';

type Operator = '!=' | '==' | 'in' | '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=';

/** A binary operator. An int and a double together count as doubles. */
export function binary(operator: Operator, left: CelValue, right: CelValue, meter: Meter): CelValue {
  switch (operator) {
    case '==':
      return equal(left, right, meter);
    case '!=':
      return !equal(left, right, meter);
    case 'in':
      return contained(left, right, meter);
    case '+':
      return plus(left, right, meter);
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(operator, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compared(operator, left, right);
  }
}

function isNumber(value: CelValue): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function equal(left: CelValue, right: CelValue, meter: Meter): boolean {
  meter.spend(1);
  const [a, b] = [lift(left), lift(right)];
  // Loose equality between a bigint and a number compares their mathematical values.
  if (isNumber(a) && isNumber(b)) return a == b;
  if (typeof a === 'string' && typeof b === 'string') {
    meter.text(Math.min(a.length, b.length));
    return a === b;
  }
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equal(item, b[index] ?? null, meter));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null, meter));
}

function contained(item: CelValue, collection: CelValue, meter: Meter): boolean {
  if (Array.isArray(collection)) return collection.some((other) => equal(item, other, meter));
  if (typeof collection === 'object' && collection !== null) {
    return typeof item === 'string' && Object.hasOwn(collection, item);
  }
  return fail(`"in" needs a list or a mapping on the right, found a ${typeName(collection)}.`);
}

function plus(left: CelValue, right: CelValue, meter: Meter): CelValue {
  if (typeof left === 'string' && typeof right === 'string') {
    meter.text(left.length + right.length);
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    meter.list(left.length + right.length);
    return [...left, ...right];
  }
  return arithmetic('+', left, right);
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%', left: CelValue, right: CelValue): CelValue {
  if (typeof left === 'bigint' && typeof right === 'bigint') return wholeArithmetic(operator, left, right);
  if (!isNumber(left) || !isNumber(right) || operator === '%') return undefinedFor(operator, left, right);
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
  }
}

function wholeArithmetic(operator: '+' | '-' | '*' | '/' | '%', a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return int64(a + b);
    case '-':
      return int64(a - b);
    case '*':
      return int64(a * b);
    case '/':
      return b === 0n ? fail('division by zero.') : int64(a / b);
    case '%':
      return b === 0n ? fail('division by zero.') : a % b;
  }
}

function compared(operator: '<' | '<=' | '>' | '>=', left: CelValue, right: CelValue): boolean {
  const texts = typeof left === 'string' && typeof right === 'string';
  const booleans = typeof left === 'boolean' && typeof right === 'boolean';
  if (!texts && !booleans && !(isNumber(left) && isNumber(right))) return undefinedFor(operator, left, right);
  const [a, b] = [left as number, right as number];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function undefinedFor(operator: string, left: CelValue, right: CelValue): never {
  return fail(`"${operator}" is not defined for ${typeName(left)} and ${typeName(right)}.`);
}
